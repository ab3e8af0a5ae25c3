-- What is overdue is found by the order of the desk, `case_queue`.
DROP INDEX case_duty;

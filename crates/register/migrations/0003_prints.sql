-- What the journal holds of records without telling it: whose they are, and the values that no two of them share.
{{PRINTS record: record id -fold -folded; record_key record}}

"""Computes with ecomplexity what the bench computes, from the same table: beside.py INPUT OUTPUT.

Prints the seconds that the computation took, without reading and writing. Its check of log-supermodularity is left out,
because it computes something else.
"""

import sys
import time
import warnings

import pandas as pd
from ecomplexity import ecomplexity

warnings.filterwarnings("ignore")
table = pd.read_csv(sys.argv[1], dtype={"place": str, "activity": str})
columns = {"time": "year", "loc": "place", "prod": "activity", "val": "value"}
start = time.perf_counter()
found = ecomplexity(table, columns, check_logsupermodularity=False, verbose=False)
print(time.perf_counter() - start)
wanted = ["year", "place", "activity", "rca", "eci", "pci", "density", "coi", "cog"]
found[wanted].to_csv(sys.argv[2], index=False)

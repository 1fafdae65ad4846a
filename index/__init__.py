"""From published decisions to a searchable index, in the order of the pipeline.

What is handed in: inputs, remembered by file_cache. A file → a Decision (the nouns: decisions): parsing. What is
embedded of it: passages, by embedding. On disk: engine, with text for its fingerprints; version_writer makes the next
version, store reads one, catalogue lists its decisions, verify checks all of it. All together: build, with its report.
plain_passages are no decisions but are searched likewise; memory tells how much of it there is.
"""

import os
import warnings

# The products of matrices in a search are small: several threads would wait for each other longer than they compute.
# numpy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# OpenBLAS may say so by what stands behind an array, where the product has no NaN in it (numpy/numpy#24067).
warnings.filterwarnings("ignore", "invalid value encountered in matmul", RuntimeWarning)

"""From published decisions to a searchable index, in the order of the pipeline.

What is handed in: sources. A file → its labels: capture (a text) or page (HTML). Labels → a decision: numbering, proof,
parse; reader has that done in a process with limits. What is embedded of it: passages, embed with bert, tokens,
embeddings. The index on disk: versions, checksums, wording, columns, mapped, vectors, segments, terms, listing, store
to read it, verify to check all of it, writer to make the next version. All together: readings, report, build; plain is
for passages that are no decisions, memory tells how much there is. The nouns stand in decisions.
"""

import os
import warnings

# The products of matrices in a search are small: several threads would wait for each other longer than they compute.
# numpy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# OpenBLAS may say so by what stands behind an array, where the product has no NaN in it (numpy/numpy#24067).
warnings.filterwarnings("ignore", "invalid value encountered in matmul", RuntimeWarning)

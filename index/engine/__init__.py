"""What a version of the index is made of on disk, and how each part is searched. Nothing here knows a question.

versions are folders, checksums prove them, mmap_array maps what they have. A version has segments, whose decisions lie
in SQLite, whose columns are numbers and whose vectors are FAISS's; bm25 has the words of all texts, embedding_store the
vectors of all texts ever embedded, and late_interaction compares them token by token.
"""

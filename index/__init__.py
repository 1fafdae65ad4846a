"""From published decisions to a searchable index, in the order of the pipeline.

Files handed in: inputs, remembered by file_cache. A file → a Decision (the nouns: decisions): parsing. What is embedded
of it: passages, by embedding. On disk: engine, with text for its fingerprints; version_writer makes the next version,
store searches and reads one, latest_store follows the published one, catalogue filters and lists its decisions, verify
checks all of it. The folder of decisions: folder. All together: build, with its report. plain_passages are no decisions
but are searched likewise; memory says how much of it there is, arrays what kinds there are.

Importing any of this changes nothing; whatever starts a process calls index.blas.set_up_blas first.
"""

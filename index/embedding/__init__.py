"""Texts → vectors, by a model on this machine.

embedder finds the model's files, loads it and batches what is asked of it; openvino_bert computes those that it can.
"""

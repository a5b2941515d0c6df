"""What each kind of job does, a module a kind with one function `run`; a worker loads only the one it needs.

Loading everything takes seconds, bringing in a small file does not. Arguments and results are what JSON can hold.
"""

"""How strong the graders are: which wrong answers they would let pass.

Every solution is spoilt in one small place at a time. A grader that still passes such
a mutant has a hole, or the mutant is right after all, which equivalents/NAME.toml
then explains.
"""

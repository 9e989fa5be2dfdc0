"""模糊测试: a coverage-guided fuzzer on the readers (`make fuzz SECONDS=600`).

fuzz/corpus/ holds small files, each of which once led a reader somewhere new; the tests read every
one of them (tests/test_fuzz_corpus.py). What breaks a reader is put into fuzz/crashes/: mend the
reader, move the file to the corpus.
"""

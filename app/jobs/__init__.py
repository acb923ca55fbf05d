"""Durable work: what outlives a request and a restart. Today: reading documents.

    launching.py   one process runs the jobs: takes the lock, looks for waiting documents, hands them to
    durable.py     the queue, the only module that knows DBOS, which calls back
    reading.py     the job itself, which asks the services

The database of the application says what is to be done; the queue's own tables only say what is being done, and can be
lost at any time (docs/decisions/0017-durable-jobs.md).
"""

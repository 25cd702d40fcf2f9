"""What is done in the background: the worker, its hold on the tasks it runs, and when each job is due.

It knows no task and no job: tasks are found by their path, jobs are listed in config/work.py.
"""

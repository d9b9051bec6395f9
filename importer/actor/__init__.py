"""The hosted actor's JSON input: its parameters, its tasks and its result items. START HERE: `tasks.run_task`.

An event goes the way of a file's row: parameters -> Raw -> prepare -> deliver.
"""

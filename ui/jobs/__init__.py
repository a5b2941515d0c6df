"""Long work in processes of their own: the screen starts them, looks at them and cancels them.

A job is a folder in the workspace, so that every session sees it, a reload finds it again and it outlives the
server. Whether its worker lives is told by a lock on a file in the folder, which the system lets go when the
worker ends, however it ends::

    jobs/20261123T080000-roster-1a2b3c/
    ├── request.json     kind, arguments, when
    ├── progress.json    phase, share, incumbent, bound, gap
    ├── result.json      how it ended, and what came of it
    ├── cancel           somebody asked to stop
    ├── files/           uploads, taken away when the job has ended
    ├── lock             held while the worker lives
    └── log.txt          what the worker wrote
"""

from ui.jobs.launch import asked_to_stop, cancel, job, jobs, latest, start
from ui.jobs.record import Job, State

__all__ = ["Job", "State", "asked_to_stop", "cancel", "job", "jobs", "latest", "start"]

"""A process that does nothing but run HiGHS, so that it can be ended: `python -m scheduling.highs_process`.

HiGHS asks its callbacks neither in all of its loops nor often, and its time limit shares that fate; some loops do not
end. Tasks come in by standard input and answers go out by standard output, see `scheduling.highs_messages`; when the
input ends, because the process at the other side did, this one ends in the midst of anything.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
from queue import SimpleQueue
from typing import Any, BinaryIO

import highspy
import numpy as np

from scheduling.highs_dive import dive
from scheduling.highs_messages import Better, Bound, Ended, Found, FromHighs, Halt, Refused, Task

TOLD_EVERY_S = 0.5
"""Wall time between two messages about the bound."""


class Server:
    """Tasks one after another.

    Parameters
    ----------
    source, sink
        Pickled messages.
    """

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink
        self._tasks: SimpleQueue[Task] = SimpleQueue()
        self._halted = -1

    def serve(self) -> None:
        """Solve what comes in; never returns."""
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            task = self._tasks.get()
            try:
                self._tell(self._solved(task))
            except ValueError as error:
                self._tell(Refused(str(error)))

    def _listen(self) -> None:
        while True:
            try:
                message = pickle.load(self._source)  # noqa: S301 - the pipe of the process that started this one
            except EOFError:
                os._exit(0)
            if isinstance(message, Halt):
                self._halted = message.number
            else:
                self._tasks.put(message)

    def _tell(self, message: FromHighs) -> None:
        pickle.dump(message, self._sink, protocol=pickle.HIGHEST_PROTOCOL)
        self._sink.flush()

    def _solved(self, task: Task) -> Found:
        highs = _loaded(task)
        self._listen_to(highs, task)
        if task.rounded is not None:
            columns = np.flatnonzero(task.rounded)
            dived = dive(highs, columns, task.slack, lambda: self._halted == task.number)
            return Found(ended=Ended.EARLY, values=dived.values, objective=dived.objective, bound=dived.bound)
        highs.run()
        status, info = highs.getModelStatus(), highs.getInfo()
        # Every programme here is bounded below, so "unbounded or infeasible" can only be the latter.
        proofs = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
        optimal = status == highspy.HighsModelStatus.kOptimal
        ended = Ended.INFEASIBLE if status in proofs else Ended.OPTIMAL if optimal else Ended.EARLY
        if task.integer is None:
            if not optimal:
                return Found(ended=ended)
            solution = highs.getSolution()
            return Found(
                ended=ended,
                values=np.array(solution.col_value),
                objective=float(info.objective_function_value),
                row_duals=np.array(solution.row_dual),
            )
        bound = float(info.mip_dual_bound)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Found(ended=ended, bound=bound)
        values, objective = np.array(highs.getSolution().col_value), float(info.objective_function_value)
        return Found(ended=ended, values=values, objective=objective, bound=bound)

    def _listen_to(self, highs: highspy.Highs, task: Task) -> None:
        """Tell of better solutions and bounds, and let HiGHS end when it is to."""
        told_s, told = time.monotonic(), -np.inf

        def ask(event: Any) -> None:
            # The flag stays as it was left at the last call: it has to be set both ways.
            event.data_in.user_interrupt = self._halted == task.number

        def ask_and_tell(event: Any) -> None:
            nonlocal told_s, told
            ask(event)
            now, bound = time.monotonic(), float(event.data_out.mip_dual_bound)
            if now - told_s >= TOLD_EVERY_S and bound > told and np.isfinite(bound):
                told_s, told = now, bound
                self._tell(Bound(bound))

        def better(event: Any) -> None:
            found = event.data_out
            values = np.array(found.mip_solution)
            self._tell(Better(float(found.objective_function_value), float(found.mip_dual_bound), values))

        highs.cbSimplexInterrupt.subscribe(ask)
        highs.cbIpmInterrupt.subscribe(ask)
        if task.integer is not None:
            highs.cbMipInterrupt.subscribe(ask_and_tell)
            highs.cbMipImprovingSolution.subscribe(better)


def _loaded(task: Task) -> highspy.Highs:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = task.row_lower.size, task.cost.size
    model.col_cost_, model.offset_ = task.cost, task.offset
    model.col_lower_, model.col_upper_ = task.lower, task.upper
    model.row_lower_, model.row_upper_ = task.row_lower, task.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = task.starts.astype(np.int32)
    model.a_matrix_.index_ = task.entries.astype(np.int32)
    model.a_matrix_.value_ = task.factors
    if task.integer is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(flag)] for flag in task.integer]
    highs = highspy.Highs()  # type: ignore[no-untyped-call] # highspy's class has no annotations
    # One thread each: pieces of a problem run side by side instead, and the result does not depend on it.
    for name, value in {"output_flag": False, "threads": 1, **task.options}.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS knows no option {name} = {value!r}.")
    if highs.passModel(model) == highspy.HighsStatus.kError:
        raise ValueError("HiGHS refused the programme: its arrays do not fit together.")
    if task.start is not None:
        known = np.flatnonzero(np.isfinite(task.start))
        highs.setSolution(known.size, known.astype(np.int32), task.start[known].astype(float))
    return highs


def main() -> None:
    """Serve over the standard streams; nothing else may be written to the output."""
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Server(sys.stdin.buffer, sink).serve()


if __name__ == "__main__":
    main()

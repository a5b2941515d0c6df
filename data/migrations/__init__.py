"""Steps from each form of the ledger to the next, run when a workspace is created or opened."""

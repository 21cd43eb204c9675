// Allocations are those of the whole process: inputs of two tests at a time would count for one another.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace StarKV.Cli.Tests;

/// <summary>Tests that change what the whole process sees, such as environment variables: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideState
{
    public const string Name = "process-wide state";
}

using StarKV.Fuzz.Run;
using StarKV.Fuzz.Targets;

namespace StarKV.Fuzz.Tests;

public sealed class TargetTableTests
{
    public static TheoryData<string> Targets { get; } = [.. TargetTable.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Seeds_and_inputs_that_failed_once_are_read_or_refused(string name)
    {
        using var scratch = new Scratch();
        var target = TargetTable.Make(name, scratch);
        Assert.Equal(name, target.Name);
        var outcomes = Corpus.Of(target).Select(input => Probe.Run(target, input)).ToList();
        Assert.All(outcomes, outcome => Assert.False(outcome.IsFinding, outcome.Message));
        // Else nothing after the first check would ever be reached. An adapter is always refused, and the hub of the one target has no files.
        Assert.True(name is "adapter-config" or "hub-answer" || outcomes.Exists(o => o.Kind is OutcomeKind.Accepted), "no seed is accepted");
    }

    [Fact]
    public void Every_folder_of_the_corpus_belongs_to_a_target() =>
        Assert.All(Directory.EnumerateDirectories(RepositoryFiles.Path("tests", "StarKV.Fuzz", "Corpus")), folder => Assert.True(TargetTable.Knows(Path.GetFileName(folder)), folder));

    [Fact]
    public void Corpora_stay_small() =>
        Assert.InRange(Directory.EnumerateFiles(RepositoryFiles.Path("tests", "StarKV.Fuzz", "Corpus"), "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length), 1, 2_000_000);
}

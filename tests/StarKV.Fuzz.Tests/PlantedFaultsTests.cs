using StarKV.Fuzz.Run;
using StarKV.Fuzz.Targets;

namespace StarKV.Fuzz.Tests;

/// <summary>What is wrong on purpose is found, and its input is made again by its number alone.</summary>
public sealed class PlantedFaultsTests
{
    private const ulong Seed = 5;
    private const int Inputs = 300;

    [Theory]
    [InlineData("planted-fault", "Fault")]
    [InlineData("planted-promise", "BrokenPromise")]
    [InlineData("planted-allocation", "Allocation")]
    public void An_exception_a_broken_promise_and_an_allocation_are_found(string name, string kind)
    {
        using var scratch = new Scratch();
        var target = TargetTable.Make(name, scratch);
        var found = new List<(long Iteration, byte[] Input, Outcome Outcome)>();
        NewRound(target).Run(Inputs, new HashSet<long>(), _ => { }, (iteration, input, outcome) => found.AddRange(outcome.IsFinding ? [(iteration, input, outcome)] : []));
        var first = found.First();
        Assert.All(found, f => Assert.Equal(kind, f.Outcome.Kind.ToString()));
        Assert.Equal(first.Input, NewRound(target).Input(first.Iteration, new HashSet<long>()));
        // A finding is kept for further changes, and so are harmless inputs.
        Assert.NotEqual(Inputs, found.Count);
    }

    [Theory]
    [InlineData("planted-hang", "Hang")]
    [InlineData("planted-death", "Death")]
    public void A_hang_and_a_death_are_told_by_the_input_at_which_they_happened(string name, string kind)
    {
        var (options, said) = (new FuzzOptions { Targets = [name], Inputs = 300, Seed = Seed, Jobs = 1, HangSeconds = 0.3 }, new StringWriter());
        var tally = new Campaign(options, said).Run()[name];
        var finding = Assert.Single(tally.Findings);
        Assert.Equal((kind, name), (finding.Kind.ToString(), finding.Input.Target));
        Assert.Contains($"--repro {finding.Input}", said.ToString(), StringComparison.Ordinal);
        Assert.True(kind == "Hang" ? tally.Hangs > 0 : tally.Other > 0);
        using var scratch = new Scratch();
        var again = NewRound(TargetTable.Make(name, scratch)).Input(finding.Input.Iteration, finding.Input.Skip.ToHashSet());
        Assert.Contains((byte)0xF4, again);
    }

    private static Round NewRound(IFuzzTarget target) => new(target, Corpus.Of(target), Seed, 0);
}

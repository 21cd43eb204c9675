using StarKV.Budget;
using StarKV.Compact;
using StarKV.Reports.Inspect;
using StarKV.Score;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Issues;

/// <summary><c>default(KvBudget)</c> kept two tokens in silence.</summary>
[Collection(MiniModelTests.Name)]
public sealed class BudgetsThatWereNeverSet(MiniModel mini)
{
    [Fact]
    public void The_way_out_is_named()
    {
        var error = Assert.Throws<StarKvException>(() => default(KvBudget).Capacity(100));
        Assert.Contains("KvBudget.Keep(0.20)", error.Message, StringComparison.Ordinal);
        Assert.Equal("unset", $"{default(KvBudget)}");
        Assert.NotEqual(default, KvBudget.Tokens(2));
    }

    [Fact]
    public async Task Every_question_refuses_it()
    {
        Refused(() => mini.Agent.Ground(MiniModel.Tiny(), "Click", new GroundingOptions { Budget = default }));
        Refused(() => mini.Agent.Ground(MiniModel.Tiny(), "Click", new GroundingOptions { Method = new Full(), Budget = default }));
        List<Compression> unset = [new(new StarKv(), KvBudget.Keep(0.2)), new(new StarKv(), default)];
        Refused(() => mini.Agent.AnswerMany([MiniModel.Tiny()], "Click", new ManyAnswersOptions { Compressions = unset }));
        Refused(() => mini.Agent.Inspect([MiniModel.Tiny()], "Click", new InspectionOptions { Compressions = unset }));
        // A value out of bounds is the answer's error, not the call's.
        var answer = mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", new GroundingOptions { Budget = default });
        Assert.Contains("never set", (await Assert.ThrowsAsync<StarKvException>(() => answer)).Message, StringComparison.Ordinal);

        static void Refused(Action ask) => Assert.Contains("never set", Assert.Throws<StarKvException>(ask).Message, StringComparison.Ordinal);
    }
}

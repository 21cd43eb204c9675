using StarKV.Act;
using StarKV.Decode;
using StarKV.Tests.Agent;

namespace StarKV.Tests.Issues;

/// <summary>The token limit fell into a click's numbers, and the agent's answer pointed at another place.</summary>
[Collection(MiniModelTests.Name)]
public sealed class AnswersCutByTheTokenLimit(MiniModel mini)
{
    [Fact]
    [Trait("outside", "1.28")]
    public void No_shorter_limit_gives_another_point()
    {
        var sample = MiniSample.Of("text_0");
        var screens = sample.Screens();
        GroundingOptions AtMost(int tokens) => new() { Generation = new GenerationOptions { MaxNewTokens = tokens } };
        GroundingAnswer Ask(int tokens) => mini.Agent.Ground(screens, sample.Instruction, AtMost(tokens));
        var whole = Ask(64);
        Assert.Equal((FinishReason.Stop, "click"), (whole.Finish, whole.Action?.Name));
        for (var tokens = 1; tokens < whole.Tokens.Count; tokens++)
        {
            var cut = Ask(tokens);
            Assert.Equal(FinishReason.Length, cut.Finish);
            Assert.True(cut.Action is null && cut.Point is null, $"{tokens} tokens: {cut.Text}");
            Assert.True(cut.Parsed.Reason is DiagnosticCodes.CutOff or DiagnosticCodes.NoAction);
        }

        // All tokens of the call, without the token that ends the turn.
        Assert.Equal((FinishReason.Length, whole.Point), (Ask(whole.Tokens.Count).Finish, Ask(whole.Tokens.Count).Point));
    }
}

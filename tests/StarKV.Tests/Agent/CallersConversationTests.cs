using StarKV.Compact;
using StarKV.Text;

namespace StarKV.Tests.Agent;

/// <summary>Answers to conversations that the caller writes out.</summary>
[Collection(MiniModelTests.Name)]
public sealed class CallersConversationTests(MiniModel mini)
{
    private static readonly MiniSample s_sample = MiniSample.Of("earlier_frame_type_2");

    [Fact]
    public async Task One_alone_is_answered_as_among_many_caches_and_told_piece_by_piece()
    {
        var pieces = new List<string>();
        var options = new GroundingOptions();
        var alone = await mini.Agent.AnswerAsync(s_sample.Screens(), Messages, options, pieces.Add, TestContext.Current.CancellationToken);
        var many = mini.Agent.AnswerMany(s_sample.Screens(), Messages, new ManyAnswersOptions { Compressions = [Compression.None, options.Compression] });
        Assert.Equal(many.Answers[1].OrThrow().Tokens, alone.Tokens);
        Assert.Equal(many.Answers[1].OrThrow().Kv.RowsPerLayer, alone.Kv.RowsPerLayer);
        Assert.Equal(alone.Text, string.Concat(pieces));
        Assert.True(pieces.Count > 3);
    }

    [Fact]
    public async Task Every_screenshot_is_in_it_once()
    {
        var refusal = await Assert.ThrowsAsync<StarKvException>(() => mini.Agent.AnswerAsync(
            s_sample.Screens(), grids => Messages([.. grids.Take(2)]), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("The conversation shows 2 of 3 screenshot(s); each must be in it once, in order.", refusal.Message);
    }

    [Fact]
    public void A_loaded_model_has_its_folders_name() => Assert.Equal("mini", mini.Agent.ModelName);

    private static IReadOnlyList<ChatMessage> Messages(IReadOnlyList<MergedGrid> grids) =>
        [ChatMessage.Of(ChatRole.User, [.. grids.Select(ChatPart.FromMergedGrid), s_sample.Instruction])];
}

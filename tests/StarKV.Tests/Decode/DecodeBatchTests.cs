using StarKV.Budget;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Prefill;
using StarKV.Score;
using StarKV.Tests.Prefill;
using static TorchSharp.torch;

namespace StarKV.Tests.Decode;

public sealed class DecodeBatchTests(MiniSteps mini) : IClassFixture<MiniSteps>
{
    private const int Tokens = 12;

    /// <summary>Prompts of one, two and three screenshots, so that lengths and positions differ, on caches of several methods.</summary>
    private List<PrefillResult> Read()
    {
        var turns = mini.Turns();
        return
        [
            mini.Read(MiniSteps.Part(mini.Prompt, 0, turns[1])),
            mini.Read(MiniSteps.Part(mini.Prompt, 0, turns[2]), new Compression(new SnapKv(), KvBudget.Keep(0.3))),
            mini.Read(mini.Prompt, new Compression(new StarKv(), KvBudget.Keep(0.2))),
            mini.Read(mini.Prompt),
        ];
    }

    [Fact]
    public void Sessions_of_different_prompts_and_positions_write_what_each_writes_alone() => TorchThread.Run(() =>
    {
        var together = Read();
        Assert.Equal(3, together.Select(p => p.NextPosition).Distinct().Count());
        var writers = Writers(together.Count);
        var batch = new DecodeBatch(mini.Model.Text);
        batch.Join(together, writers);
        while (batch.Count > 0)
            batch.Step();
        Check(Read(), writers);
        together.ForEach(p => p.Dispose());
    });

    [Fact]
    public void Sessions_join_and_leave_between_tokens() => TorchThread.Run(() =>
    {
        var prompts = Read();
        var writers = Writers(prompts.Count);
        var batch = new DecodeBatch(mini.Model.Text);
        // One joins every two tokens; the second leaves after it has written some.
        for (var i = 0; i < prompts.Count; i++)
        {
            batch.Join([prompts[i]], [writers[i]]);
            batch.Step();
            batch.Step();
        }

        batch.Leave(writers[1]);
        var written = writers[1].Count;
        Assert.InRange(written, 1, Tokens - 1);
        while (batch.Count > 0)
            batch.Step();
        Assert.Equal(written, writers[1].Count);
        Assert.Null(writers[1].Finished);
        Check(Read(), writers, except: 1);
        prompts.ForEach(p => p.Dispose());
    });

    [Fact]
    public void A_batch_leaves_no_tensor_and_an_empty_one_has_no_step() => TorchThread.Run(() =>
    {
        var prompts = Read();
        var batch = new DecodeBatch(mini.Model.Text);
        Assert.Throws<InvalidOperationException>(batch.Step);
        var before = TorchThread.Live;
        batch.Join(prompts, Writers(prompts.Count));
        for (var step = 0; step < 3; step++)
            batch.Step();
        Assert.Equal(before, TorchThread.Live);
        prompts.ForEach(p => p.Dispose());
    });

    private List<AnswerWriter> Writers(int count) => [.. Enumerable.Range(0, count).Select(_ => Writer())];

    private AnswerWriter Writer()
    {
        var options = new GenerationOptions { MaxNewTokens = Tokens };
        var sampler = new Sampler(options, 1, mini.Prompt.Ids, mini.Model.Config.Text.VocabSize, CPU);
        return new AnswerWriter(sampler, options, _ => false, null, null);
    }

    private void Check(List<PrefillResult> alone, List<AnswerWriter> writers, int except = -1)
    {
        for (var i = 0; i < alone.Count; i++)
        {
            if (i != except)
                Assert.Equal(mini.Greedy(alone[i], Tokens), writers[i].Finished!.Tokens);
            alone[i].Dispose();
        }
    }
}

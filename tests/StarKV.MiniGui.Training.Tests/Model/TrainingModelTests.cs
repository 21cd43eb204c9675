using StarKV.Input;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Model;
using StarKV.MiniGui.Training.Optimise;
using StarKV.MiniGui.Training.Run;
using StarKV.MiniGui.Training.Weights;
using StarKV.MiniGui.Words;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;
using StarKV.Prefill;
using StarKV.Text;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Tests.Model;

/// <summary>The forward pass of training is that of the engine, and packing changes nothing.</summary>
public sealed class TrainingModelTests
{
    [Theory]
    [InlineData("single")]
    [InlineData("first")]
    [InlineData("last")]
    public void A_pack_gives_the_engines_logits_for_each_answer(string form) => TrainingThread.Run(() =>
    {
        var sample = Tiny.Sample(3, form, new SampleOptions { Questions = 3 });
        var other = Tiny.Sample(7, form, new SampleOptions { Questions = 3 });
        var packs = new[] { Tiny.Packer.Make(sample), Tiny.Packer.Make(other) };
        using var batch = Tiny.Batch(packs);
        using var weights = Tiny.Weights();
        Spread(weights);
        using var model = Tiny.Model();
        using var mode = no_grad();
        var packed = model.Run(weights.Views(), batch.To(CPU), batch.Grid).Answers;

        using var engine = new Qwen25VlModel(Tiny.Config, Tiny.Pixels, Tiny.Cpu, new Given(weights));
        var first = 0;
        foreach (var (source, pack) in new[] { sample, other }.Zip(packs))
            foreach (var answer in pack.Answers)
            {
                var expected = EngineLogits(engine, source, answer, pack);
                var difference = (expected - packed.narrow(0, first, answer.Length)).abs().max().item<float>();
                Assert.InRange(difference, 0, 1e-4f);
                Assert.True(expected.std().item<float>() > 0.01f);
                first += answer.Length;
            }

        Assert.Equal(batch.Targets, first);
    });

    [Fact]
    public void A_step_leaves_no_tensor_behind() => TrainingThread.Run(() =>
    {
        using var batch = Tiny.Batch([Tiny.Packer.Make(Tiny.Sample(1, "last", new SampleOptions { Questions = 2 }))], align: 5);
        using var weights = Tiny.Weights();
        using var model = Tiny.Model();
        using var step = new TrainingStep(model, weights, Tiny.Targets.Background);
        using var optimiser = new Optimiser(weights);
        step.Run(batch, optimiser, 1e-3, align: true);
        var live = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++)
            step.Run(batch, optimiser, 1e-3, align: true);
        Assert.Equal(live, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        var means = step.Take();
        Assert.All(new[] { means.Answer, means.Cell, means.Place, means.Align, means.Norm }, value => Assert.True(double.IsFinite(value) && value > 0));
    });

    [Fact]
    public void Steps_in_bfloat16_lower_the_loss() => TrainingThread.Run(() =>
    {
        using var batch = Tiny.Batch([Tiny.Packer.Make(Tiny.Sample(1, "single", new SampleOptions { Questions = 2 }))], align: 5);
        var compute = Tiny.Cpu with { DType = ScalarType.BFloat16 };
        using var weights = new TrainedWeights(Tiny.Config, compute, 1);
        using var model = new TrainingModel(Tiny.Config, Tiny.Pixels, compute);
        using var step = new TrainingStep(model, weights, Tiny.Targets.Background);
        using var optimiser = new Optimiser(weights);
        step.Run(batch, optimiser, 2e-3, align: true);
        var first = step.Take();
        for (var i = 0; i < 15; i++)
            step.Run(batch, optimiser, 2e-3, align: true);
        step.Take();
        step.Run(batch, optimiser, 2e-3, align: true);
        var last = step.Take();
        Assert.InRange(first.Answer, 6, 9);
        Assert.InRange(last.Answer, 0, first.Answer - 2);
        Assert.InRange(last.Cell, 0, first.Cell - 0.1);
        Assert.InRange(last.Place, 0, first.Place - 0.5);
    });

    [Fact]
    public void Every_vision_token_is_asked_for_its_own_column_and_row() => TrainingThread.Run(() =>
    {
        var pack = Tiny.Packer.Make(Tiny.Sample(3, "last", new SampleOptions { Questions = 2 }));
        using var batch = Tiny.Batch([pack]);
        using var weights = Tiny.Weights();
        using var model = Tiny.Model();
        using var mode = no_grad();
        var result = model.Run(weights.Views(), batch.To(CPU), batch.Grid);
        var (places, shown) = (result.PlaceIds.data<long>().ToArray(), result.CellIds.data<long>().ToArray());
        var (rows, columns) = (pack.Size.Height / 28, pack.Size.Width / 28);
        Assert.Equal(2 * shown.Length, places.Length);
        Assert.Equal(places.Length, result.Places.shape[0]);
        var names = pack.Frames.SelectMany(Tiny.Targets.Of).ToArray();
        // In each frame the tokens come in window order; their places lead back to what the cells show, row by row.
        for (var frame = 0; frame < pack.Frames.Count; frame++)
        {
            var cells = Enumerable.Range(frame * rows * columns, rows * columns).Select(i => (Token: i, Place: (int)(places[2 * i + 1] * columns + places[2 * i]))).ToList();
            Assert.Equal(Enumerable.Range(0, rows * columns), cells.Select(c => c.Place).Order());
            Assert.All(cells, c => Assert.Equal(names[frame * rows * columns + c.Place], shown[c.Token]));
        }
    });

    [Fact]
    public void Columns_without_a_class_are_left_out_of_the_place_loss() => TrainingThread.Run(() =>
    {
        var pack = Tiny.Packer.Make(SampleGenerator.OneScreen(3, Split.Train, new(1904, 1064), new SampleOptions { Questions = 2 }));
        using var batch = Tiny.Batch([pack]);
        using var weights = Tiny.Weights();
        using var model = Tiny.Model();
        using (no_grad())
        {
            var columns = model.Run(weights.Views(), batch.To(CPU), batch.Grid).PlaceIds.view(-1, 2).select(1, 0).contiguous().data<long>().ToArray();
            Assert.Equal((64L, 4 * 38), (columns.Max() + 1, columns.Count(c => c < 0)));
            Assert.All(columns.Where(c => c >= 0).CountBy(c => c), c => Assert.Equal(38, c.Value));
        }

        using var step = new TrainingStep(model, weights, Tiny.Targets.Background);
        using var optimiser = new Optimiser(weights);
        step.Run(batch, optimiser, 1e-3);
        var means = step.Take();
        Assert.True(double.IsFinite(means.Place) && means.Place > 0);
        Assert.InRange(means.PlaceAccuracy, 0, 1);
    });

    /// <summary>The engine's logits of each answer token, one causal sequence a question.</summary>
    private static Tensor EngineLogits(IVisionLanguageModel engine, Sample sample, PackedAnswer answer, Pack pack)
    {
        using var painter = new ScreenPainter();
        var prompt = Tiny.Packer.Prompt(sample, answer.Question);
        var frames = sample.Frames.Take(answer.Question.Frame + 1).Select(f => Screenshot.FromRgb(painter.Paint(f), f.Size.Width, f.Size.Height).ForModel(Tiny.Pixels.Resize)).ToList();
        var screens = new ScreenEncoder(engine.Vision).Encode(frames);
        var written = pack.Ids[answer.Start..(answer.Start + answer.Length - 1)];
        long[] ids = [.. prompt.ToLongIds(), .. written.Select(id => (long)id)];
        var hidden = engine.Text.Embed(tensor(ids));
        for (var i = 0; i < prompt.Frames.Count; i++)
            hidden.narrow(0, prompt.Frames[i].Start, prompt.Frames[i].Length).copy_(screens[i].Embeddings);
        var positions = MRopePositions.Compute(prompt);
        var flat = Enumerable.Range(0, 3).SelectMany(axis => positions.Flat.Slice(axis * prompt.Length, prompt.Length).ToArray()
            .Concat(Enumerable.Range(0, written.Length).Select(i => positions.NextPosition + i))).ToArray();
        var angles = engine.Text.Rotary.Angles(tensor(flat).view(3, ids.Length));
        for (var layer = 0; layer < engine.Text.Layers; layer++)
        {
            var (q, k, v) = engine.Text.Project(layer, hidden, angles).Heads;
            engine.Text.Finish(layer, hidden, TextDecoder.Attend(q, k, v), 4096);
        }

        return engine.Text.Logits(hidden.narrow(0, prompt.Length - 1, answer.Length));
    }

    /// <summary>Larger weights than at the start, so that attention and every other part matter.</summary>
    private static void Spread(TrainedWeights weights)
    {
        using var generator = new Generator(9, CPU);
        weights.Master.add_(empty([weights.Layout.Numbers]).normal_(0, 0.1, generator));
        weights.Refresh();
    }

    /// <summary>The weights in training as a source for the engine.</summary>
    private sealed class Given(TrainedWeights weights) : IWeightSource
    {
        private readonly Dictionary<string, Tensor> _all = weights.Published().ToDictionary(t => t.Name, t => t.Value);

        public Tensor Take(long[] shape, params string[] names) => cat([.. names.Select(n => _all[n])], 0).view(shape).clone().DetachFromDisposeScope();
    }
}

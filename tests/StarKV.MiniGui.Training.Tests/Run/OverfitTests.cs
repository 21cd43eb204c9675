using StarKV.Budget;
using StarKV.Input;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Training.Checkpoints;
using StarKV.MiniGui.Training.Optimise;
using StarKV.MiniGui.Training.Run;
using StarKV.Score;
using StarKV.Text;

namespace StarKV.MiniGui.Training.Tests.Run;

/// <summary>From random weights to a folder that the engine answers from.</summary>
public sealed class OverfitTests
{
    [Fact]
    public void A_model_that_learned_some_samples_by_heart_gives_their_answers_in_the_engine()
    {
        using var temp = new TempFolder();
        Sample[] samples = [Tiny.Sample(4, "single", new SampleOptions { Questions = 3, Density = 0.5 }), Tiny.Sample(4, "first", new SampleOptions { MaxFrames = 2 })];
        var shape = TinyShape.Folder(temp.Path);
        var folder = Path.Combine(temp.Path, "model");
        var (first, last) = TrainingThread.Run(() => Train(samples, shape, folder));
        Assert.InRange(first, 5, 10);
        Assert.InRange(last, 0, 0.1);

        using var agent = GuiAgent.Load(folder, "cpu");
        using var painter = new ScreenPainter();
        foreach (var sample in samples)
            foreach (var question in sample.Questions)
            {
                var screens = sample.Frames.Take(question.Frame + 1).Select(f => Screenshot.FromRgb(painter.Paint(f), f.Size.Width, f.Size.Height)).ToList();
                var answer = agent.Ground(screens, question.Instruction, new GroundingOptions
                {
                    Method = new Full(),
                    Budget = KvBudget.Keep(1),
                    PastActions = [.. sample.PastActions.Take(question.Frame)],
                    Position = sample.Order is Order.First ? InstructionPosition.First : InstructionPosition.Last,
                });
                Assert.Equal(question.Answer, answer.Text);
            }
    }

    private static (double First, double Last) Train(Sample[] samples, string shape, string folder)
    {
        using var weights = Tiny.Weights();
        using var model = Tiny.Model();
        using var optimiser = new Optimiser(weights);
        using var step = new TrainingStep(model, weights, Tiny.Targets.Background);
        var batches = samples.Select(s => Tiny.Batch([Tiny.Packer.Make(s)])).ToList();
        var (first, means) = (0.0, default(StepMeans));
        for (var i = 0; i < 300; i++)
        {
            foreach (var batch in batches)
                step.Run(batch, optimiser, 1e-2 * Math.Min(1, (i + 1) / 10.0));
            if (i > 0 && i % 5 != 0)
                continue;
            means = step.Take();
            if (i == 0)
                first = means.Answer;
            TestContext.Current.TestOutputHelper?.WriteLine($"{i}: {means}");
            if (i > 0 && means.Answer < 0.02)
                break;
        }

        Checkpoint.Save(folder, shape, weights, new Progress(0, 0));
        batches.ForEach(b => b.Dispose());
        return (first, means.Answer);
    }
}

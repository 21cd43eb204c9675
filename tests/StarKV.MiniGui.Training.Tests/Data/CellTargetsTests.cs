using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Training.Tests.Data;

public sealed class CellTargetsTests
{
    [Fact]
    public void Cells_name_the_tokens_that_instructions_and_answers_hold()
    {
        // A small icon may share its cell with a word that covers more of it.
        var (two, found, icons, named) = (0, 0, 0, 0);
        for (var seed = 0UL; seed < 90; seed++)
        {
            var sample = SampleGenerator.OneScreen(seed, Split.Train, new ScreenSize(560, 448));
            var cells = Tiny.Targets.Of(sample.Frames[0]).ToHashSet();
            foreach (var question in sample.Questions.Where(q => q.Kind is TaskKind.Read && q.Subject.Contains(' ', StringComparison.Ordinal)))
            {
                var tokens = Tiny.Tokenizer.Encode(question.Answer).ToHashSet();
                string[] words = question.Subject.Split(' ');
                Assert.Contains(Tiny.Tokenizer.Encode(words[0])[0], tokens);
                Assert.Contains(Tiny.Tokenizer.Encode(" " + words[1])[0], tokens);
                (two, found) = (two + 1, found + (cells.Contains(Tiny.Tokenizer.Encode(" " + words[1])[0]) ? 1 : 0));
            }

            foreach (var question in sample.Questions.Where(q => q.Kind is TaskKind.Icon))
                (icons, named) = (icons + 1, named + (Tiny.Tokenizer.Encode(question.Instruction).Any(id => cells.Contains(id)) ? 1 : 0));
        }

        Assert.InRange(two, 20, 1000);
        Assert.InRange((double)found / two, 0.98, 1);
        Assert.InRange(icons, 20, 1000);
        Assert.InRange((double)named / icons, 0.95, 1);
    }
}

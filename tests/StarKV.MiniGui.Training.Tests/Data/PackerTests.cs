using StarKV.MiniGui.Tasks;
using StarKV.Text;

namespace StarKV.MiniGui.Training.Tests.Data;

/// <summary>Training reads what the engine reads: the same ids at the same positions.</summary>
public sealed class PackerTests
{
    public static TheoryData<ulong, string, bool> Samples() => new(
        from seed in Enumerable.Range(0, 12) from form in new[] { "single", "first", "last" } from thoughts in new[] { false, true } select ((ulong)seed, form, thoughts));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Each_answer_sees_the_ids_and_positions_of_the_engines_prompt(ulong seed, string form, bool thoughts)
    {
        var sample = Tiny.Sample(seed, form, new SampleOptions { Thoughts = thoughts, Drill = thoughts });
        var pack = Tiny.Packer.Make(sample);

        Assert.Equal(sample.Questions.Count, pack.Answers.Count);
        foreach (var answer in pack.Answers)
        {
            // What the answer's first token may see: the prefix and its own block up to it.
            var block = pack.Segments[answer.Start];
            var seen = Enumerable.Range(0, answer.Start).Where(i => pack.Segments[i] == 0 || pack.Segments[i] == block).ToList();
            var prompt = new PromptBuilder(Tiny.Tokenizer).Build(PromptStyle.Get("mini"), new PromptRequest(
                answer.Question.Instruction, [.. sample.Frames.Take(answer.Question.Frame + 1).Select(f => MergedGrid.OfPixels(f.Size.Width, f.Size.Height))])
            {
                PastActions = [.. sample.PastActions.Take(answer.Question.Frame)],
                Position = form == "first" ? InstructionPosition.First : null,
            });
            var positions = MRopePositions.Compute(prompt);

            Assert.Equal(prompt.Ids.ToArray(), seen.Select(i => pack.Ids[i]));
            for (var axis = 0; axis < 3; axis++)
            {
                Assert.Equal(positions.Flat.Slice(axis * prompt.Length, prompt.Length).ToArray(), seen.Select(i => pack.Positions[axis * pack.Length + i]));
                for (var i = 0; i < answer.Length; i++)
                    Assert.Equal(positions.NextPosition + i, pack.Positions[axis * pack.Length + answer.Start + i]);
            }

            var written = pack.Ids[answer.Start..(answer.Start + answer.Length)];
            Assert.Equal(answer.Question.Answer + Markers.TurnEnd, Tiny.Tokenizer.Decode(written));
            var hard = answer.Question is { Kind: TaskKind.RecallRow or TaskKind.Finish } or { Kind: TaskKind.Step, Frame: > 0 } ? answer.Question.Action
                : answer.Question.Answer.Contains("type(", StringComparison.Ordinal) ? answer.Question.Action.Split('\'')[1] : "";
            Assert.Equal(hard, Tiny.Tokenizer.Decode(written[answer.Hard]));
            Assert.Equal(Answers.Opening(answer.Question.Thought), Tiny.Tokenizer.Decode(written.AsSpan(0, answer.Thought)));
            Assert.Equal(thoughts && answer.Question.Kind is not TaskKind.List, answer.Thought > 0);
        }
    }
}

using StarKV.MiniGui.Tasks;
using StarKV.Text;

namespace StarKV.MiniGui.Training.Data;

/// <summary>Turns samples into packs, from the very prompts that the engine builds for each question.</summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="style">The style that the model is served with.</param>
internal sealed class Packer(QwenTokenizer tokenizer, PromptStyle style)
{
    private readonly PromptBuilder _prompts = new(tokenizer);
    private readonly (string Before, string After) _typed = (Answers.Type("|").Split('|')[0], Answers.Type("|").Split('|')[1]);
    private readonly int _turnEnd = tokenizer.IdOf(Markers.TurnEnd), _imagePad = tokenizer.IdOf(Markers.ImagePad);

    /// <summary>The prompt of one question, as the engine builds it.</summary>
    public TokenMap Prompt(Sample sample, Question question)
    {
        var grid = MergedGrid.OfPixels(sample.Size.Width, sample.Size.Height);
        return _prompts.Build(style, new PromptRequest(question.Instruction, [.. Enumerable.Repeat(grid, question.Frame + 1)])
        {
            PastActions = [.. sample.PastActions.Take(question.Frame)],
            Position = sample.Order is Order.First ? InstructionPosition.First : InstructionPosition.Last,
        });
    }

    /// <summary>The tokens that the model is to write: the answer and the end of the turn.</summary>
    public int[] Answer(Question question) => [.. tokenizer.Encode(question.Answer), _turnEnd];

    private PackedAnswer Packed(Question question, int block, int start, int length)
    {
        var thought = Answers.Opening(question.Thought) is { Length: > 0 } opening ? tokenizer.Encode(opening).Length : 0;
        return new PackedAnswer(question, block, start, length, Hard(question, thought)) { Thought = thought };
    }

    // What is learned last: the words of a typed answer, a click that must
    // be remembered, and whatever depends on how far the task has come.
    private Range Hard(Question question, int thought)
    {
        if (question is { Kind: TaskKind.RecallRow or TaskKind.Finish } or { Kind: TaskKind.Step, Frame: > 0 })
            return thought..tokenizer.Encode(question.Answer).Length;
        if (!question.Action.StartsWith(_typed.Before, StringComparison.Ordinal))
            return 0..0;
        return (thought + tokenizer.Encode(_typed.Before).Length)..tokenizer.Encode(question.Answer[..^_typed.After.Length]).Length;
    }

    /// <summary>Packs a sample.</summary>
    public Pack Make(Sample sample) => sample.Order is Order.First ? Chain(sample) : Blocks(sample);

    /// <summary>Instruction first: the newest question's prompt holds the earlier answers as past actions.</summary>
    private Pack Chain(Sample sample)
    {
        var questions = sample.Questions.OrderBy(q => q.Frame).ToList();
        var map = Prompt(sample, questions[^1]);
        var positions = MRopePositions.Compute(map);
        int[] ids = [.. map.Ids, .. Answer(questions[^1])];
        var answers = new List<PackedAnswer>();
        foreach (var question in questions)
        {
            var start = question == questions[^1] ? map.Length : Prompt(sample, question).Length;
            var answer = Answer(question);
            if (!ids.AsSpan(start, answer.Length).SequenceEqual(answer))
                throw new InvalidOperationException(
                    $"Sample {sample.Seed}: the answer about frame {question.Frame} is not the action that was taken there.");
            answers.Add(Packed(question, 0, start, answer.Length));
        }

        return new Pack(
            _imagePad,
            ids,
            Extended(positions, 0, ids.Length),
            new int[ids.Length],
            map.Length,
            answers,
            [.. sample.Frames.Take(questions[^1].Frame + 1)]);
    }

    /// <summary>Instruction last: all prompts agree up to the marker after the newest screenshot.</summary>
    private Pack Blocks(Sample sample)
    {
        var frame = sample.Questions[0].Frame;
        var ids = new List<int>();
        var segments = new List<int>();
        var columns = new List<long[]>();
        var answers = new List<PackedAnswer>();
        var prefix = 0;
        foreach (var question in sample.Questions)
        {
            if (question.Frame != frame)
                throw new InvalidOperationException($"Sample {sample.Seed} asks about several frames before the instruction.");
            var map = Prompt(sample, question);
            var answer = Answer(question);
            var first = answers.Count == 0;
            if (first)
                prefix = map.LastFrame!.Value.End + 1;
            var from = first ? 0 : prefix;
            var all = Extended(MRopePositions.Compute(map), from, map.Length + answer.Length);
            columns.Add(all);
            var block = ids.Count + (first ? prefix : 0);
            ids.AddRange(map.Ids[from..]);
            answers.Add(Packed(question, block, ids.Count, answer.Length));
            ids.AddRange(answer);
            segments.AddRange(Enumerable.Repeat(0, first ? prefix : 0));
            segments.AddRange(Enumerable.Repeat(answers.Count, ids.Count - segments.Count));
        }

        return new Pack(_imagePad, [.. ids], Joined(columns), [.. segments], prefix, answers, [.. sample.Frames.Take(frame + 1)]);
    }

    /// <summary>The positions of tokens [from, length), [3, n]: the prompt's own, then one per token of the answer.</summary>
    private static long[] Extended(MRopePositions prompt, int from, int length)
    {
        var n = length - from;
        var flat = new long[3 * n];
        for (var axis = 0; axis < 3; axis++)
            for (var i = 0; i < n; i++)
                flat[axis * n + i] = from + i < prompt.Length ? prompt.Flat[axis * prompt.Length + from + i] : from + i + prompt.Delta;
        return flat;
    }

    private static long[] Joined(List<long[]> parts) =>
        [.. Enumerable.Range(0, 3).SelectMany(axis => parts.SelectMany(p => p.Skip(axis * p.Length / 3).Take(p.Length / 3)))];
}

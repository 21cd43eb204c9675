using StarKV.Act;
using StarKV.Evaluation.Metrics;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>One question about a page: the block that is shown, after how many scrolls.</summary>
/// <param name="options">Profile and family.</param>
/// <param name="prompt">Words the question.</param>
/// <param name="row">The step.</param>
/// <param name="page">The page.</param>
internal sealed class PageView(BenchmarkOptions options, Mind2WebPrompt prompt, Mind2WebRow row, IPage page)
{
    private const int MaxRounds = 5;

    /// <value>The block, counted from the top.</value>
    public int Block { get; private init; }

    /// <value>The round, from 1.</value>
    public int Round { get; private init; } = 1;

    /// <value>What was done before, with a note for every scroll.</value>
    public IReadOnlyList<string> Previous { get; private init; } = row.PreviousActions;

    /// <value>The sizes of the first block; null until it was answered.</value>
    private CoordinateMapper? FirstBlock { get; init; }

    /// <summary>The task of this view; an answer that scrolls leads to the next one.</summary>
    /// <param name="id">The row's id.</param>
    /// <param name="labels">The row's labels.</param>
    public EvalTask Task(string id, IReadOnlyDictionary<string, string> labels) =>
        new(Round == 1 ? id : $"{id}#{Round}.{Block}", row.Instruction)
        {
            Open = () => new TaskInput([page.Read(Block)], []) { Conversation = prompt.Of(row.Instruction, Previous) },
            Pictures = [page.First],
            Labels = labels,
            Judge = Judge,
            Target = screen =>
                page.Targets(Block) is [var box, ..]
                    ? RelativeBox.OfSize(box.X, box.Y, box.Width, box.Height, screen.Width, screen.Height).On(screen)
                    : null,
            Expected = $"{row.Operation} {row.Value}".Trim(),
            AnsweredAt = answer => At((int)(answer.Measures?["block"] ?? Block)).Task(id, labels),
            Next = answer => Read(answer) is { Operation: "scroll" } scroll && Round < MaxRounds
                ? After(scroll.Direction, answer).Task(id, labels)
                : null,
        };

    private PageView At(int block) => new(options, prompt, row, page) { Block = block };

    private PageView After(string direction, GroundingAnswer answer)
    {
        var wanted = direction == "down" ? Block + 1 : direction == "up" ? Block - 1 : Block;
        return new(options, prompt, row, page)
        {
            Block = page.Has(wanted) ? wanted : Block,
            Round = Round + 1,
            Previous = [.. Previous, $"Scroll {direction}."],
            FirstBlock = Sizes(answer),
        };
    }

    private Judgement Judge(GroundingAnswer answer)
    {
        var action = Read(answer);
        if (action.Operation.Length == 0)
            return Verdict.Unreadable;
        // The released program compares points on the block with boxes on the whole page, both by the first block's size.
        var (boxes, size) = options.Profile is Profile.GuiKv ? (row.Boxes, Sizes(answer)) : (page.Targets(Block), answer.Coordinates);
        var element = action.Point is { } point
            && boxes.Any(b => RelativeBox.OfSize(b.X, b.Y, b.Width, b.Height, size.ScreenWidth, size.ScreenHeight).Contains(point));
        var f1 = OperationF1.Of($"{action.Operation} {action.Content}", $"{row.Operation} {row.Value}");
        return new Judgement(element && f1 == 1 ? Verdict.Right : Verdict.Wrong)
        {
            Measures = new Dictionary<string, double> { ["element"] = element ? 1 : 0, ["f1"] = f1, ["block"] = Block, ["round"] = Round },
        };
    }

    private WebAction Read(GroundingAnswer answer)
    {
        var size = options.Profile is Profile.GuiKv ? Sizes(answer) : answer.Coordinates;
        return WebAnswer.Of(options, answer, size.ModelWidth, size.ModelHeight);
    }

    private CoordinateMapper Sizes(GroundingAnswer answer) => FirstBlock ?? answer.Coordinates;
}

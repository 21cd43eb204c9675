using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Screens;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.MiniGui.Histories;

/// <summary>Tries to draw one history; a draw that came to nothing or would give its answer away is null.</summary>
internal static class HistoryMaker
{
    /// <returns>The frames, what was done on each but the last, and the questions.</returns>
    public static (IReadOnlyList<Screen> Frames, IReadOnlyList<Question> Steps, List<Question> Questions)? TryMake(
        SeededRandom random, Plot plot, Split split, ScreenSize size, Order order, SampleOptions options)
    {
        var vocabulary = new Vocabulary(split) { HasLongValues = options.Challenge is Challenge.LongText };
        var (draft, layout) = ScreenMaker.Make(random, vocabulary, size, options.Density, plot.Needs, plot.Fits);
        // Drills also learn to end after one action; tests have little use for so short a story.
        var (two, needed) = (Math.Min(2, options.MaxFrames - 1), order is Order.First ? plot.Steps : 1);
        var min = options.Drill && order is Order.First ? needed : Math.Max(needed, two);
        var story = new Story(new App(draft, layout), random.Between(min, options.MaxFrames - 1));
        if (!plot.Play(story, order is Order.First))
            return null;
        story.End();
        var questions = order is Order.First
            ? OneInstruction(story)
            : LastFrame(story, random, options, q => Probes.IsAsked(split, q, story.Frames[q.Frame]));
        if (order is Order.First && questions.Any(q => q.NeedsEarlierFrame && Leaks.In(q, story.Frames, story.Actions)))
            return null;
        questions.RemoveAll(q => !Probes.IsAsked(split, q, story.Frames[q.Frame]));
        return questions.Count == 0 ? null : (story.Frames, story.Steps, questions);
    }

    private static List<Question> OneInstruction(Story story)
    {
        var instruction = story.Instruction();
        var done = new Question(TaskKind.Finish, story.Frames.Count - 1, "", Answers.Finished);
        return [.. story.Steps.Append(done).Select(q => q with { Instruction = instruction })];
    }

    private static List<Question> LastFrame(Story story, SeededRandom random, SampleOptions options, Func<Question, bool> isAsked)
    {
        var last = story.Frames.Count - 1;
        var questions = story.Facts.Select(f => Recall(f.Key, f.Value)).ToList();
        if (story.Highlighted is { } row
            && story.Frames[last].Elements.FirstOrDefault(e => e.Id == row.Id) is { } now
            && story.Frames[last].IsVisible(now))
        {
            const string instruction = "Click the row that was highlighted";
            questions.Add(
                new Question(TaskKind.RecallRow, last, instruction, Answers.Click(now.Target)) { Clicks = now, Subject = now.Text });
        }

        questions.RemoveAll(q => Leaks.In(q, story.Frames, story.Actions));
        var reachable = story.App.Reachable().Select(e => e.Id).ToHashSet();
        questions.AddRange(
            new ScreenQuestions(story.Frames[last], last, random)
                .Draw(options.Questions, options.Drill, q => isAsked(q) && (q.Clicks is null || reachable.Contains(q.Clicks.Id))));
        return questions;

        Question Recall(string key, string value) =>
            new(TaskKind.RecallWord, last, $"Type the \"{key}\" value shown earlier", Answers.Type(value)) { Subject = value };
    }
}

using StarKV.Input;
using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks.AndroidControl;

/// <summary>How a step is put to the model.</summary>
/// <param name="options">Profile, family, level, texts, slots.</param>
/// <param name="episodes">The episodes for histories; null without.</param>
internal sealed class AndroidControlPrompt(BenchmarkOptions options, EpisodeIndex? episodes)
{
    private readonly string _level = options.Level.ToString().ToLowerInvariant();

    /// <summary>The id of the text, for the run's plan.</summary>
    public string Name => (options.Profile, options.Family) switch
    {
        (Profile.GuiKv, AnswerFamily.OpenCua) => $"androidcontrol.opencua.{_level}.guikv",
        (Profile.StarKv, AnswerFamily.OpenCua) => $"androidcontrol.opencua.{_level}.starkv",
        (Profile.GuiKv or Profile.StarKv, _) => $"androidcontrol.uitars.{_level}",
        (_, AnswerFamily.OpenCua) => "opencua.instruction",
        _ => "uitars.mobile",
    };

    private string? System => (options.Profile, options.Family) switch
    {
        (Profile.GuiKv or Profile.StarKv, AnswerFamily.UiTars) => options.Prompts.Get("system.androidcontrol_mind2web"),
        (Profile.Strict or Profile.Official, AnswerFamily.OpenCua) => options.Prompts.Get("opencua.l2.system"),
        _ => null,
    };

    /// <summary>Opens the step's screenshots.</summary>
    public TaskInput Open(AndroidControlRow row)
    {
        var history = History(row).ToList();
        var text = Text(row, history.Count > 0);
        return new TaskInput(
            [.. history.Select(h => Screenshot.Load(h.Image)), Screenshot.Load(Path.Combine(options.Images, row.Screenshot))], [])
        {
            Conversation = (grids, _) =>
            [
                .. Turn.System(System),
                .. history.SelectMany((h, i) =>
                    new[] { ChatMessage.Of(ChatRole.User, grids[i]), ChatMessage.Of(ChatRole.Assistant, h.Text) }),
                ChatMessage.Of(ChatRole.User, grids[^1], text),
            ],
        };
    }

    private IEnumerable<(string Image, string Text)> History(AndroidControlRow row)
    {
        if (episodes is null)
            yield break;
        // STaR-KV's program reads a field that the public file does not have, so that its history is always empty there.
        var now = options.Profile is Profile.StarKv ? row.StepIndex ?? 0 : row.StepIndex ?? row.ScreenshotNumber;
        for (var step = now - Math.Min(options.ImageSlots!.Value - 1, now); step < now; step++)
        {
            if (episodes.Step(row.Episode, step) is not var (path, instruction))
                continue;
            var image = Path.Combine(options.Images, path);
            if (File.Exists(image))
                yield return (image, $"Step {step + 1}:\n{instruction}\n");
        }
    }

    private TextPart Text(AndroidControlRow row, bool hasHistory)
    {
        var previous = hasHistory ? "" : string.Join('\n', row.PreviousActions);
        if (options.Profile is Profile.GuiKv or Profile.StarKv)
            return Turn.Fill(
                options.Prompts.Get(Name).Replace("{goal}", "{instruction}", StringComparison.Ordinal),
                row.Goal,
                new Dictionary<string, string> { ["previous_actions"] = previous, ["task"] = row.Instruction });
        var told = (options.Level is InstructionLevel.Low ? $"\nNext step: {row.Instruction}" : "")
            + (previous.Length > 0 ? $"\nDone so far:\n{previous}" : "");
        return Turn.Fill(options.Prompts.Get(Name), row.Goal + told);
    }
}

using System.CommandLine;
using StarKV.Files;
using StarKV.MiniGui;
using StarKV.MiniGui.Episodes;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Words;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv minigui draw</c>: screens, histories and tasks of the synthetic world, as files.</summary>
internal static class MiniGuiCommand
{
    /// <summary>The verb of <see cref="Draw"/>.</summary>
    public const string DrawVerb = "draw";

    private enum Form { Mixed, Single, First, Last, Episode }

    public static Command Create(Terminal terminal) =>
        new("minigui", "Draw the synthetic GUI world: screenshots, histories, tasks with answers; train the small model on it.")
    {
        Draw(terminal),
        MiniGuiTrainCommand.Train(terminal),
        MiniGuiTrainCommand.Quantize(terminal),
        MiniGuiTrainCommand.Plot(terminal),
    };

    private static Command Draw(Terminal terminal)
    {
        var seed = new Option<ulong>("--seed")
        {
            Description = "Seed of the first sample; the next ones follow " +
            "it.",
            DefaultValueFactory = _ => 0,
            HelpName = "N"
        };
        var count = new Option<int>("--count") { Description = "How many samples.", DefaultValueFactory = _ => 12, HelpName = "N" };
        var form = Names.Option("--form", "single (one screen), first or last (a history with the instruction there), " +
            "mixed (the three in turn), or episode (a long conversation).", Form.Mixed);
        var split = Names.Option("--split", "train, test, words, pairs, icons or layouts.", Split.Test);
        var size = new Option<string?>("--size")
        {
            Description = "WIDTHxHEIGHT, multiples of 28 from 336. Default: " +
            "the training sizes in turn.",
            HelpName = "WxH"
        };
        var frames = new Option<int>("--max-frames")
        {
            Description = "Frames of a history at most, 3 to " +
            "8.",
            DefaultValueFactory = _ => SampleOptions.Default.MaxFrames,
            HelpName = "N"
        };
        var steps = new Option<int>("--steps")
        {
            Description = "Steps of an episode, 4 to 40.",
            DefaultValueFactory = _ => EpisodeOptions.Default.Steps,
            HelpName = "N"
        };
        var thoughts = new Option<bool>("--thoughts")
        {
            Description = "Answers begin with a thought; pictures and tasks stay as they are."
        };
        var challenge = Names.Option<Challenge>("--challenge", "Harder samples: long-text, or on single screens blocks, table, cards, " +
            "twins or message.");
        var output = OutputOption.Folder(
            "--out", "samples", "A new or empty folder for the PNG files and minigui.json, or episodes.json.");
        var sheet = OutputOption.File("--sheet", "picture", "Where one picture with all samples goes.", "PNG");
        var json = SharedOptions.Json();
        var command = new Command(DrawVerb, "Write samples as PNG files with a ScreenSpot-like JSON file, as one picture, " +
            "or both.") { seed, count, form, split, size, frames, steps, thoughts, challenge, output, sheet, json };
        command.SetAction((parsed, cancellation) =>
        {
            var number = InRange(parsed.GetValue(count), "--count", 1, 100_000);
            var options = new SampleOptions
            {
                MaxFrames = InRange(parsed.GetValue(frames), "--max-frames", 3, 8),
                Thoughts = parsed.GetValue(thoughts),
                Challenge = parsed.GetValue(challenge),
            };
            var sizes = parsed.GetValue(size) is { } text ? [ReadSize(text)] : ScreenSize.Training;
            var (folder, picture) = (parsed.GetValue(output), parsed.GetValue(sheet));
            if (folder is null && picture is null)
                throw new StarKvException("There is nothing to write; name a folder with --out or a picture with --sheet.");
            var places = Enumerable.Range(0, number)
                .Select(i => (Number: i, Seed: parsed.GetValue(seed) + (ulong)i, Size: sizes[i % sizes.Count]));
            var kind = parsed.GetValue(form);
            CheckChallenge(options.Challenge, kind, parsed.GetValue(split));
            if (kind is Form.Episode && options.Thoughts)
                throw new StarKvException("Episodes have no thoughts; leave --thoughts out, or take another --form.");
            var job = kind is Form.Episode
                ? DrawingJob.Of(Episodes(places, parsed.GetValue(split), InRange(parsed.GetValue(steps), "--steps", 4, 40)))
                : DrawingJob.Of(places.Select(p => Make(kind, p.Number, p.Seed, parsed.GetValue(split), p.Size, options)));
            if (folder is not null)
                job.Check(folder);
            if (folder is not null && picture is not null && RealPath.IsIn(RealPath.Of(picture), RealPath.Of(folder)))
            {
                throw new StarKvException(
                    $"--sheet {picture} lies in --out {folder}, which holds the {job.Noun}s alone; name a picture elsewhere.");
            }
            if (picture is not null)
            {
                InRange(number, "--count with --sheet", 1, job.MaxOnSheet);
                AtomicFile.Write(picture, job.Sheet(cancellation), "picture");
            }

            var tasks = folder is null ? (int?)null : terminal.Working("Drawing", _ => job.Write(folder, cancellation));
            if (parsed.GetValue(json))
                terminal.WriteJson(new { Samples = number, Tasks = tasks, Out = folder, Sheet = picture });
            else if (tasks is not { } questions)
                terminal.WriteLine($"{Format.Count(number, job.Noun)}: {picture}");
            else
                terminal.WriteLine($"{Format.Count(number, job.Noun)}, {Format.Count(questions, "task")}: " +
                    $"{Path.Combine(folder!, job.FileName)}");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void CheckChallenge(Challenge? challenge, Form form, Split split)
    {
        if (challenge is not { } asked)
            return;
        var name = $"--challenge {LabelNames.Of(asked)}";
        if (split is not (Split.Train or Split.Test))
            throw new StarKvException($"{name} has the splits train and test; --split is {LabelNames.Of(split)}.");
        if (form is not Form.Single && (form is Form.Episode || asked is not Challenge.LongText))
            throw new StarKvException($"{name} does not go with --form {LabelNames.Of(form)}; take --form single" +
                $"{(asked is Challenge.LongText ? ", first, last or mixed" : "")}.");
    }

    private static Sample Make(Form form, int place, ulong seed, Split split, ScreenSize size, SampleOptions options) =>
        (form is Form.Mixed ? (Form)(1 + place % 3) : form) switch
        {
            Form.Single => SampleGenerator.OneScreen(seed, split, size, options),
            Form.First => SampleGenerator.History(seed, split, size, Order.First, options),
            _ => SampleGenerator.History(seed, split, size, Order.Last, options),
        };

    private static IEnumerable<Episode> Episodes(IEnumerable<(int Number, ulong Seed, ScreenSize Size)> places, Split split, int steps)
    {
        if (split is not (Split.Train or Split.Test or Split.Layouts))
            throw new StarKvException($"--split {LabelNames.Of(split)} has single questions alone; " +
                $"episodes are of train, test or layouts.");
        var options = new EpisodeOptions { Steps = steps };
        return places.Select(p => EpisodeGenerator.Draw(p.Seed, split, p.Size, options));
    }

    private static ScreenSize ReadSize(string text)
    {
        if (text.Split('x') is not [var w, var h] || !int.TryParse(w, out var width) || !int.TryParse(h, out var height)
            || width is < 336 or > 4088 || height is < 336 or > 4088 || width % 28 != 0 || height % 28 != 0)
            throw new StarKvException($"--size {text} is not WIDTHxHEIGHT with multiples of 28 from 336 to 4088, such as 448x336.");
        return new(width, height);
    }

    private static int InRange(int value, string name, int first, int last) =>
        value >= first && value <= last ? value : throw new StarKvException($"{name} is {value}; it must be {first} to {last}.");
}

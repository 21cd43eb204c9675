using System.CommandLine;
using StarKV.Files;
using StarKV.MiniGui.Training.Checkpoints;
using StarKV.MiniGui.Training.Report;
using StarKV.MiniGui.Training.Run;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv minigui train</c>, <c>quantize</c> and <c>plot</c>: from nothing to the shipped small model.</summary>
internal static class MiniGuiTrainCommand
{
    /// <summary>The verb of <see cref="Train"/>.</summary>
    public const string Verb = "train";

    /// <summary>The verb of <see cref="Quantize"/>.</summary>
    public const string QuantizeVerb = "quantize";

    public static Command Train(Terminal terminal)
    {
        var defaults = new TrainingOptions { Out = "", Shape = "" };
        var output = OutputOption.Folder("--out", "training", "Folder for log.jsonl and checkpoints.");
        output.Required = true;
        var shape = new Option<string?>("--shape")
        {
            Description = "Folder with config.json, tokenizer and preprocessor. Default: " +
            "the shipped model.",
            HelpName = "DIR"
        };
        var resume = new Option<string?>("--resume")
        {
            Description = "A model folder to go on from: with the state of --keep-state as if there had been no stop, " +
            "without it with a new warm-up.",
            HelpName = "DIR"
        };
        var state = new Option<bool>("--keep-state")
        {
            Description = "Keep the optimiser's state and the next sample in OUT/latest, so that --resume goes on exactly; " +
            "about three times the model in float32."
        };
        var minutes = Number("--minutes", "Wall time of the whole training in minutes; the file OUT/minutes moves it.", defaults.Minutes);
        var align = Number("--align-minutes", "Minutes of it, at the end, that align the prompt's attention; " +
            "0 for none.", defaults.AlignMinutes);
        var steps = Whole("--steps", "Most steps of the first phase; 0 for no bound.", defaults.Steps);
        var tokens = Whole("--tokens", "Padded text tokens of a batch.", defaults.Tokens);
        var alignTokens = Whole("--align-tokens", "The same while aligning.", defaults.AlignTokens);
        var rate = Number("--rate", "Learning rate.", defaults.Rate);
        var alignRate = Number("--align-rate", "Learning rate while aligning.", defaults.AlignRate);
        var warmup = Whole("--warmup", "Steps until the full rate.", defaults.Warmup);
        var decay = Number("--decay-share", "Share of the first phase in which the rate falls to 0.", defaults.DecayShare);
        var easy = Whole("--easy-steps", "Steps with small, sparse screens at the start.", defaults.EasySteps);
        var history = Number("--history-share", "Share of batches that are histories, 0 to 1.", defaults.HistoryShare);
        var hard = Number("--hard-share", "Share of batches of harder samples, as MiniGui-Bench v2 has them, 0 to 1.", defaults.HardShare);
        var thoughts = new Option<bool>("--thoughts")
        {
            Description = "Answers begin with a thought; unseen samples are still judged by their actions."
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "Seed of weights and " +
            "samples.",
            DefaultValueFactory = _ => defaults.Seed,
            HelpName = "N"
        };
        var threads = Whole("--threads", "Threads that make batches, for each device; 0 for all cores but two, " +
            "shared by the devices.", defaults.Threads);
        var logEvery = Whole("--log-every", "Steps between two lines of the log.", defaults.LogEvery);
        var evaluate = Whole("--evaluate-every", "Steps between two measurements on unseen samples.", defaults.EvaluateEvery);
        var save = Number("--save-minutes", "Minutes between two checkpoints.", defaults.SaveMinutes);
        var device = SharedOptions.Device();
        device.Description += " Several, separated by commas, train one model together.";
        var command = new Command(Verb, "Train the small model from scratch, or on from a checkpoint.")
            { output, shape, resume, state, minutes, align, steps, tokens, alignTokens, rate, alignRate, warmup, decay, easy, history,
                hard, thoughts, seed, threads, logEvery, evaluate, save, device };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new TrainingOptions
            {
                Out = parsed.GetValue(output)!,
                Shape = parsed.GetValue(shape) ?? ShippedModel.Find(),
                Resume = parsed.GetValue(resume),
                KeepState = parsed.GetValue(state),
                Device = parsed.GetValue(device)!,
                Minutes = InRange(parsed.GetValue(minutes), minutes, 0.01, 1e5),
                AlignMinutes = InRange(parsed.GetValue(align), align, 0, 1e5),
                Steps = (int)InRange(parsed.GetValue(steps), steps, 0, 1e8),
                Tokens = (int)InRange(parsed.GetValue(tokens), tokens, 1000, 1e6),
                AlignTokens = (int)InRange(parsed.GetValue(alignTokens), alignTokens, 1000, 1e6),
                Rate = InRange(parsed.GetValue(rate), rate, 0, 1),
                AlignRate = InRange(parsed.GetValue(alignRate), alignRate, 0, 1),
                Warmup = (int)InRange(parsed.GetValue(warmup), warmup, 0, 1e6),
                DecayShare = InRange(parsed.GetValue(decay), decay, 0, 1),
                EasySteps = (int)InRange(parsed.GetValue(easy), easy, 0, 1e8),
                HistoryShare = InRange(parsed.GetValue(history), history, 0, 1),
                HardShare = InRange(parsed.GetValue(hard), hard, 0, 1),
                Thoughts = parsed.GetValue(thoughts),
                Seed = parsed.GetValue(seed),
                Threads = (int)InRange(parsed.GetValue(threads), threads, 0, 256),
                LogEvery = (int)InRange(parsed.GetValue(logEvery), logEvery, 1, 1e6),
                EvaluateEvery = (int)InRange(parsed.GetValue(evaluate), evaluate, 1, 1e6),
                SaveMinutes = InRange(parsed.GetValue(save), save, 0.01, 1e5),
            };
            var folder = Trainer.Run(options, terminal.WritePlain, cancellation);
            terminal.WriteLine($"{folder}");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    public static Command Quantize(Terminal terminal)
    {
        var from = new Argument<string>("IN") { Description = "Model folder in bfloat16." };
        var to = new Argument<string>("OUT") { Description = "A new or empty folder for the FP8 model, or one that this verb made." };
        var command = new Command(QuantizeVerb, "Write a model's linear layers as FP8 with one scale a row.") { from, to };
        command.SetAction((parsed, cancellation) =>
        {
            Quantizer.Check(parsed.GetValue(from)!, parsed.GetValue(to)!);
            StarKV.Runtime.LibTorch.Load();
            var bytes = Quantizer.Run(parsed.GetValue(from)!, parsed.GetValue(to)!, cancellation);
            terminal.WriteLine($"{parsed.GetValue(to)}: {bytes:N0} bytes");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    public static Command Plot(Terminal terminal)
    {
        var log = new Argument<string>("LOG") { Description = "A log.jsonl." };
        var output = OutputOption.File("--out", "picture", "The picture: PNG, or SVG by its ending.", "FILE");
        output.Required = true;
        var command = new Command("plot", "Draw a training log: losses, and accuracy on unseen samples.") { log, output };
        command.SetAction((parsed, _) =>
        {
            Apart.File(parsed.GetValue(output), "picture", "the log that is read", parsed.GetValue(log)!);
            TrainingPlot.Draw(parsed.GetValue(log)!, parsed.GetValue(output)!);
            terminal.WriteLine($"{parsed.GetValue(output)}");
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static Option<double> Number(string name, string description, double value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "X" };

    private static Option<int> Whole(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };

    private static double InRange(double value, Option option, double first, double last) =>
        value >= first && value <= last ? value : throw new StarKvException($"{option.Name} is {value}; it must be {first} to {last}.");
}

using System.CommandLine;
using StarKV.Files;

namespace StarKV.Cli.Commands.Chat;

/// <summary><c>starkv chat</c>: a session in the terminal, whose steps are typed.</summary>
internal static class ChatCommand
{
    public static Command Create(Terminal terminal)
    {
        var instruction = new Argument<string?>("INSTRUCTION")
        {
            Description = "What to do on the screens to come, in words. A restored session has its own.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var images = new Option<string[]>("--images")
        {
            Description = "Screenshots that Enter shows one after the other: files, folders, or patterns such as 'shots/*.png'.",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "PATH",
        };
        var restore = new Option<string?>("--restore")
        {
            Description = "Go on with a session that /save wrote; how it is read and answered stands in the file.",
            HelpName = "FILE",
        };
        var (model, device, type) = (SharedOptions.ModelOrShipped(), SharedOptions.Device(), SharedOptions.NumberType());
        var json = new Option<bool>("--json") { Description = "Write each step as a line of JSON." };
        var choices = new SessionChoices();
        var command = new Command("chat", "Answer step by step in a session: each typed line is the next screenshot, words or a command.")
        {
            instruction, images, restore, model,
        };
        foreach (var option in choices.All.Concat([device, type, json]))
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            // What costs little is checked before the model is loaded.
            var (task, file) = (parsed.GetValue(instruction), parsed.GetValue(restore));
            Check(task, file, [.. choices.Given(parsed)]);
            var options = choices.Read(parsed);
            var screenshots = ScreenshotFiles.Find(parsed.GetValue(images) ?? []);
            var folder = parsed.GetValue(model) ?? ShippedModel.Find();
            using var agent = terminal.Working($"Loading {folder}", tell => AgentLoader.Load(
                folder, parsed.GetValue(device)!, parsed.GetValue(type)!, tell, GuiAgent.DefaultScreenCacheBytes, cancellation));
            var session = file is null ? agent.OpenSession(task!, options) : agent.RestoreSession(file, cancellation: cancellation);
            using var branches = new ChatBranches(session, screenshots);
            if (terminal.IsTyped)
                Greet(terminal, session, screenshots.Count, agent);
            var interruption = ((VerbConfiguration)parsed.InvocationConfiguration).Interruption;
            var output = new ChatOutput(terminal, parsed.GetValue(json), agent.Compute);
            return await new ChatLoop(terminal, interruption, branches, output, screenshots).RunAsync().ConfigureAwait(false);
        });
        return command;
    }

    private static void Check(string? instruction, string? file, IReadOnlyList<Option> given)
    {
        if (file is null)
        {
            if (string.IsNullOrWhiteSpace(instruction))
            {
                throw new StarKvException(
                    $"no instruction was given; say what to do, as in starkv chat 'Open the settings', or --restore FILE.");
            }

            return;
        }

        if (instruction is not null)
            throw new StarKvException($"a restored session has its instruction; leave '{instruction}' out, or --restore.");
        if (given.Count > 0)
            throw new StarKvException($"{given[0].Name} stands in the file of --restore; leave it out.");
        PlainFile.Open(file).Dispose();
    }

    private static void Greet(Terminal terminal, GuiSession session, int screenshots, GuiAgent agent)
    {
        var options = session.Options;
        terminal.Note(session.Instruction);
        terminal.Note($"{options.Method.Name}, keep {options.Budget}, {Names.Of(options.Storage)}, on {agent.Compute.Device}. " +
            $"Type the path of a screenshot, words, or /{ChatHelp.Help}." +
            (screenshots == 0 ? "" : $" Enter shows the next of {Format.Count(screenshots, "screenshot")}."));
    }
}

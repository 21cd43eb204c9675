using System.CommandLine;
using StarKV.Server;

namespace StarKV.Cli.Commands.Serve;

/// <summary><c>starkv serve</c>: a model behind OpenAI's dialects, until a signal ends it.</summary>
internal static class ServeCommand
{
    public const string Verb = "serve";

    public static Command Create(Terminal terminal)
    {
        var (model, device, type) = (SharedOptions.ModelOrShipped(), SharedOptions.Device(), SharedOptions.NumberType());
        var choices = new ServeChoices();
        const string description = "Answer requests of OpenAI-compatible clients; what a request has in common " +
            "with the last one is not read.";
        var command = new Command(Verb, description) { model };
        foreach (var option in choices.All.Concat([device, type]))
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            // What costs little is checked before the model is loaded.
            var folder = parsed.GetValue(model) ?? ShippedModel.Find();
            var (options, engine) = (choices.Read(parsed, folder, terminal.Note), choices.ReadEngine(parsed));
            using var agent = terminal.Working($"Loading {folder}", tell => AgentLoader.Load(
                folder, parsed.GetValue(device)!, parsed.GetValue(type)!, tell, GuiAgent.DefaultScreenCacheBytes, engine, cancellation));
            await using var server = await StarKvServer.StartAsync(agent, options, engine, cancellation: cancellation)
                .ConfigureAwait(false);
            terminal.WritePlain($"{server.Address} answers for {options.Model} on {agent.Compute.Device}");
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            terminal.Note($"Ending: {Format.Count(server.Running, "request")} under way. A second signal ends at once.");
            if (!await server.DrainAsync(CancellationToken.None).ConfigureAwait(false))
                terminal.Note("Not every request was finished in time.");
            return ExitCodes.Success;
        });
        return command;
    }
}

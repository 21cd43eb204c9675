using System.CommandLine;
using StarKV.Budget;
using StarKV.Score;

namespace StarKV.Cli.Commands;

/// <summary><c>starkv methods</c>: the registry of compression methods, or one of them in full.</summary>
internal static class MethodsCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "A method to show in full; without it all are " +
            "listed.",
            Arity = ArgumentArity.ZeroOrOne
        };
        var json = SharedOptions.Json();
        var command = new Command("methods", "List the compression methods with their options, or show one in full.") { name, json };
        command.SetAction(parsed =>
        {
            var one = parsed.GetValue(name) is { } wanted ? Methods.Get(wanted) : null;
            if (parsed.GetValue(json))
                terminal.WriteJson(one is null ? Methods.All.Select(Json) : Json(one));
            else if (one is null)
                List(terminal);
            else
                Show(terminal, one);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static object Json(MethodEntry method) => new
    {
        method.Name,
        method.Paper,
        method.PaperLink,
        method.Summary,
        LayerBudget = Budget(method).Name,
        HoldsFullCache = Budget(method).NeedsMeasures,
        method.PerHead,
        method.Options,
        Presets = method.Presets.Select(
            p => new { p.Name, p.Meaning, Sets = Changed(method, p).ToDictionary(o => o.Name, o => o.Default) }),
    };

    private static void List(Terminal terminal)
    {
        var table = Tables.Of("method", "paper").AddColumn(Tables.Names("option")).Columns("default", "accepted");
        foreach (var method in Methods.All)
        {
            var options = method.Options.DefaultIfEmpty(new MethodOption("none", "", "", ""));
            foreach (var (i, option) in options.Index())
                table.Row(
                    i == 0 ? ConsoleMarkup.Of($"[bold]{method.Name}[/]") : "", i == 0 ? method.Paper : "", option.Name, option.Default,
                    option.Bounds);
        }

        terminal.Write(table);
        terminal.WriteLine($"starkv methods NAME shows one in full.");
    }

    private static void Show(Terminal terminal, MethodEntry method)
    {
        terminal.WriteLine($"[bold]{method.Name}[/]: {method.Summary}");
        var grid = Tables.Values();
        grid.Row("paper", method.PaperLink is { } link ? $"{method.Paper}, {link}" : method.Paper);
        grid.Row("selection", method.Selection);
        grid.Row("layer budget", Budget(method) is { NeedsMeasures: true } measures ? $"{measures.Name}; the whole cache is held until " +
            $"the prompt has been read" : Budget(method).Name);
        foreach (var preset in method.Presets)
            grid.Row($"preset {preset.Name}", $"{preset.Meaning} " +
                $"{string.Join(" ", Changed(method, preset).Select(o => $"Sets {o.Name}={o.Default}.").DefaultIfEmpty("The default."))}");
        if (method.Options.Count == 0)
            grid.Row("options", "none");
        terminal.Write(grid);
        if (method.Options.Count == 0)
            return;
        var table = Tables.Of("option", "default", "accepted", "meaning");
        foreach (var option in method.Options)
            table.Row(option.Name, option.Default, option.Bounds, option.Meaning);
        terminal.Write(table);
    }

    private static ILayerBudget Budget(MethodEntry method) => method.Create(new Dictionary<string, string>()).LayerBudget;

    /// <summary>The options that a preset sets to another value than the default.</summary>
    private static IEnumerable<MethodOption> Changed(MethodEntry method, MethodPreset preset) => preset.Options.Except(method.Options);
}

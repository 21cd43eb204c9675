using System.Globalization;
using StarKV.Input;
using StarKV.Score.Wrappers;

namespace StarKV.Cli.Commands;

/// <summary>Reads which tokens no method may drop.</summary>
internal static class ProtectedParts
{
    private const string BoxPrefix = "box:";

    /// <summary>What <c>--protect</c> names; null when nothing is named.</summary>
    /// <exception cref="StarKvException">A part is unknown, or a box does not lie on the screenshot.</exception>
    public static ProtectedTokens? Read(IReadOnlyCollection<string> parts, Screenshot newest) => parts.Count == 0 ? null
        : parts.Aggregate(new ProtectedTokens(), (what, part) => With(what, part) ?? (part.StartsWith(BoxPrefix, StringComparison.Ordinal)
            ? what with { Boxes = [.. what.Boxes, Box(part, newest)] }
            : throw new StarKvException($"--protect {part} is unknown; it must be system, instruction, answers or box:X,Y,WIDTH,HEIGHT.")));

    /// <summary>What <c>protect</c> names in a list of methods, such as <c>system+instruction</c>: parts that need no screenshot.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="where">What the message names.</param>
    /// <exception cref="StarKvException">A part is unknown.</exception>
    public static ProtectedTokens Read(string parts, string where) => parts.Split('+').Aggregate(new ProtectedTokens(), (what, part) =>
        With(what, part)
            ?? throw new StarKvException($"{where}: protect is '{parts}'; it must be system, instruction, answers " +
                $"or several of them, such as system+instruction."));

    /// <summary>What <c>--protect</c> of a session names: parts that the prompt of every step has, or <c>none</c>.</summary>
    /// <exception cref="StarKvException">A part is unknown.</exception>
    public static ProtectedTokens OfSession(string[] parts) => parts is ["none"]
        ? new ProtectedTokens()
        : parts.Aggregate(new ProtectedTokens(), (what, part) => With(what, part)
            ?? throw new StarKvException($"--protect {part} is unknown; it must be system, instruction, answers or none."));

    private static ProtectedTokens? With(ProtectedTokens what, string part) => part switch
    {
        "system" => what with { System = true },
        "instruction" => what with { Instruction = true },
        "answers" => what with { Answers = true },
        _ => null,
    };

    private static ScreenRegion Box(string part, Screenshot screen)
    {
        var numbers = part[BoxPrefix.Length..].Split(',')
            .Select(n => int.TryParse(n, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : (long?)null)
            .ToArray();
        if (numbers is not [{ } x, { } y, { } width, { } height])
            throw new StarKvException($"--protect {part} is no box; write box:X,Y,WIDTH,HEIGHT in whole pixels of the newest " +
                $"screenshot, such as box:100,40,200,30.");
        if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > screen.Width || y + height > screen.Height)
            throw new StarKvException($"--protect {part} does not lie inside the newest screenshot, " +
                $"which is {screen.Width}×{screen.Height} pixels; X and Y are the box's upper left corner, " +
                    $"WIDTH and HEIGHT its size, at least 1.");
        return new ScreenRegion(
            (double)x / screen.Width, (double)y / screen.Height, (double)(x + width) / screen.Width, (double)(y + height) / screen.Height);
    }
}

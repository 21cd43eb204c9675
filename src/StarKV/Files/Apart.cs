using System.Diagnostics.CodeAnalysis;

namespace StarKV.Files;

/// <summary>Keeps what is written apart from what is read, links followed.</summary>
[Experimental("STARKV001")]
public static class Apart
{
    /// <summary>Refuses an output file that is one of the files that are read.</summary>
    /// <param name="output">Where the file goes; null for nowhere.</param>
    /// <param name="what">What messages call it.</param>
    /// <param name="name">What messages call the inputs, such as <c>a screenshot that is read</c>.</param>
    /// <param name="inputs">The files that are read.</param>
    /// <exception cref="StarKvException">It is one of them.</exception>
    public static void File(string? output, string what, string name, params IEnumerable<string> inputs)
    {
        if (output is not null && inputs.Any(input => Real(input) == Real(output)))
            throw OutputError.Of(what, output, $"it is {name}; name another file");
    }

    /// <summary>Refuses an output folder that is the one that is read.</summary>
    /// <param name="output">The folder that is written.</param>
    /// <param name="what">What messages call it.</param>
    /// <param name="input">The folder or file that is read; null, or what does not exist, for none.</param>
    /// <param name="name">What messages call that, such as <c>the model that is read</c>.</param>
    /// <exception cref="StarKvException">It is.</exception>
    public static void Same(string output, string what, string? input, string name)
    {
        if (Exists(input) && Real(input) == Real(output))
            throw OutputError.Of(what, output, $"it is {name}; name another folder");
    }

    /// <summary>Refuses an output folder that is the one that is read, or is inside it.</summary>
    /// <inheritdoc cref="Same"/>
    public static void Within(string output, string what, string? input, string name)
    {
        Same(output, what, input, name);
        if (Exists(input) && RealPath.IsIn(Real(output), Real(input)))
            throw OutputError.Of(what, output, $"it is inside {name}, {input}; name a folder elsewhere");
    }

    /// <summary>Refuses an output folder that is the one that is read, is inside it or contains it.</summary>
    /// <inheritdoc cref="Same"/>
    public static void Around(string output, string what, string? input, string name)
    {
        Within(output, what, input, name);
        if (Exists(input) && RealPath.IsIn(Real(input), Real(output)))
            throw OutputError.Of(what, output, $"it contains {name}, {input}; name a folder elsewhere");
    }

    private static bool Exists([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? path) => Path.Exists(path);

    private static string Real(string path) => RealPath.Of(path);
}

using System.CommandLine;
using StarKV.Report;

namespace StarKV.Cli.Commands;

/// <summary>An option that names a file or folder to write. <see cref="StarKvCommand"/> checks the place of every one of them before a verb's work begins.</summary>
internal sealed class OutputOption : Option<string?>
{
    private readonly string _what;
    private readonly bool _isFolder;

    private OutputOption(string name, string what, bool isFolder, string description, string? standard) : base(name)
    {
        (_what, _isFolder, Description) = (what, isFolder, description);
        if (standard is not null)
            DefaultValueFactory = _ => standard;
    }

    /// <summary>A file.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="what">What messages call the file.</param>
    /// <param name="description">What help says.</param>
    /// <param name="helpName">The kind of file, as help shows it.</param>
    /// <param name="standard">Where it goes when nobody says; null (default) for nowhere.</param>
    public static OutputOption File(string name, string what, string description, string helpName, string? standard = null) =>
        new(name, what, isFolder: false, description, standard) { HelpName = helpName };

    /// <summary>A folder.</summary>
    /// <inheritdoc cref="File"/>
    public static OutputOption Folder(string name, string what, string description) => new(name, what, isFolder: true, description, null) { HelpName = "DIR" };

    /// <summary>Refuses a place that cannot be written; missing folders are made when something is written into them.</summary>
    /// <exception cref="StarKvException">It cannot.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(this) is not { } path)
            return;
        if (_isFolder)
            WholeFile.CheckFolder(path, _what);
        else
            WholeFile.Check(path, _what);
    }
}

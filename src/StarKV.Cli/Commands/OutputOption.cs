using System.CommandLine;
using System.Text;
using StarKV.Files;

namespace StarKV.Cli.Commands;

/// <summary>
/// An option that names a file or folder to write. The command line checks the place of every one of them before the work of a verb begins.
/// </summary>
internal sealed class OutputOption : Option<string?>
{
    private const int HeadBytes = 1024;
    private static readonly string[] s_ownNames = ["starkv-", "minigui-"];
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
    /// <param name="standard">Where it goes when no caller says; null (default) for nowhere.</param>
    public static OutputOption File(string name, string what, string description, string helpName, string? standard = null) =>
        new(name, what, isFolder: false, description, standard) { HelpName = helpName };

    /// <summary>A folder.</summary>
    /// <inheritdoc cref="File"/>
    public static OutputOption Folder(string name, string what, string description) =>
        new(name, what, isFolder: true, description, null) { HelpName = "DIR" };

    /// <summary>Refuses a place that cannot be written; missing folders are made when something is written into them.</summary>
    /// <exception cref="StarKvException">It cannot.</exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(this) is not { } path)
            return;
        if (_isFolder)
            AtomicFile.CheckFolder(path, _what);
        else
            AtomicFile.Check(path, _what);
        if (!_isFolder && parsed.GetResult(this) is { Implicit: true } && System.IO.File.Exists(path) && !IsOurs(path))
        {
            const string reason = "a file of that name exists, which StarKV did not write";
            throw OutputError.Of(_what, path, $"{reason}; name it with {Name} to replace it, or name another one");
        }
    }

    /// <summary>Whether a file that no caller named was written by this program, by its own name or by its first lines.</summary>
    private static bool IsOurs(string path)
    {
        var name = Path.GetFileName(path);
        if (s_ownNames.Any(own => name.StartsWith(own, StringComparison.Ordinal)))
            return true;
        var head = new byte[HeadBytes];
        using var file = PlainFile.Open(path);
        var text = Encoding.UTF8.GetString(head, 0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        return text.Contains("StarKV", StringComparison.Ordinal) || text.Contains("starkv", StringComparison.Ordinal);
    }
}

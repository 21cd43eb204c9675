using System.Text.RegularExpressions;

namespace StarKV.Tests;

/// <summary>A project's folders in their order, and who uses whom, read from the sources.</summary>
internal sealed partial class RoomOrder
{
    private readonly string[] _order, _floor;
    private readonly Dictionary<(string From, string To), string> _allowed;
    private readonly ILookup<string, string> _types;
    private readonly Regex _qualified;

    /// <summary>Reads a project.</summary>
    /// <param name="project">Its name, which is its folder below src and the beginning of its namespaces.</param>
    /// <param name="order">Its folders; one may use those before it. The door stands among them.</param>
    /// <param name="door">What the files beside the folders are called; null where all of them are the floor.</param>
    /// <param name="floor">Files beside the folders that every room may use; they use none.</param>
    /// <param name="allowed">Uses against the order, each with the reason why it is not cut yet.</param>
    public RoomOrder(
        string project, string[] order, string? door = null, string[]? floor = null,
        Dictionary<(string From, string To), string>? allowed = null)
    {
        (Project, _order, _floor, _allowed) = (project, order, floor ?? [], allowed ?? []);
        _qualified = new Regex($@"(?<!namespace )\b{Regex.Escape(project)}\.([A-Z]\w*)", RegexOptions.None, TimeSpan.FromSeconds(10));
        var root = RepositoryFiles.Path("src", project);
        Sources =
        [
            .. from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let file = Path.GetRelativePath(root, path).Replace('\\', '/')
               let room = file.Contains('/', StringComparison.Ordinal) ? file.Split('/')[0] : door ?? ""
               where room is not ("bin" or "obj")
               select new Source(file, room, File.ReadAllText(path)),
        ];
        _types = Sources.Where(s => !IsFloor(s))
            .SelectMany(s => Declaration().Matches(s.Text).Select(m => (s.Room, Type: m.Groups[1].Value, s.Namespace)))
            .ToLookup(t => t.Room == door ? t.Type : $"{Inside(t.Namespace)}.{t.Type}", t => t.Room);

        string Inside(string name) => name.StartsWith($"{project}.", StringComparison.Ordinal) ? name[(project.Length + 1)..] : name;
    }

    /// <summary>The project's name.</summary>
    public string Project { get; }

    /// <summary>Its files.</summary>
    public IReadOnlyList<Source> Sources { get; }

    /// <summary>Its folders and its door, in their order.</summary>
    public IReadOnlyList<string> Order => _order;

    /// <summary>How many files stand for the floor.</summary>
    public int FloorFiles => _floor.Length;

    /// <summary>Uses that are against the order and allowed all the same.</summary>
    public IEnumerable<(string From, string To)> Allowed => _allowed.Keys;

    /// <summary>Whether a file belongs to no room.</summary>
    public bool IsFloor(Source source) => !source.File.Contains('/', StringComparison.Ordinal) && _floor.Contains(source.Name);

    /// <summary>Uses that are against the order.</summary>
    public IEnumerable<(string File, string From, string To)> Upward() =>
        from source in Sources
        where !IsFloor(source)
        from to in RoomsIn(source.Text)
        where Array.IndexOf(_order, to) > Array.IndexOf(_order, source.Room)
        select (source.File, source.Room, to);

    /// <summary>Folders, and the door, that a text names.</summary>
    public IEnumerable<string> RoomsIn(string code) =>
        _qualified.Matches(code).Select(m => m.Groups[1].Value).SelectMany(name => _order.Contains(name) ? [name] : _types[name])
            .Concat(Names().Matches(code).SelectMany(m => Beginnings(m.Value)).SelectMany(name => _types[name]))
            .Distinct();

    /// <inheritdoc/>
    public override string ToString() => Project;

    /// <summary>Of <c>A.B.C</c>: <c>A</c>, <c>A.B</c> and <c>A.B.C</c>.</summary>
    private static IEnumerable<string> Beginnings(string name)
    {
        var parts = name.Split('.');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('.', parts[..count]));
    }

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)*")]
    private static partial Regex Names();

    [GeneratedRegex(@"^(?:(?:public|internal|sealed|static|abstract|readonly|ref|partial|unsafe) )*"
        + @"(?:class|interface|enum|struct|record struct|record) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    /// <summary>A file.</summary>
    /// <param name="File">Its path in the project.</param>
    /// <param name="Room">Its folder, or the door.</param>
    /// <param name="Text">What it holds.</param>
    internal sealed record Source(string File, string Room, string Text)
    {
        /// <summary>Its name without the ending.</summary>
        public string Name => Path.GetFileNameWithoutExtension(File);

        /// <summary>Its namespace.</summary>
        public string Namespace => NamespaceLine().Match(Text).Groups[1].Value;
    }
}

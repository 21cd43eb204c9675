using System.Text;
using StarKV.Evaluation.Runs;
using StarKV.Files;

namespace StarKV.Cli.Commands.Eval;

/// <summary>A page in Markdown and its pictures, which go into the folder images beside it: all of them, or none.</summary>
internal sealed class PageFiles
{
    /// <summary>The pictures' folder as the page names it.</summary>
    public const string Images = "images";

    private readonly string _named, _page, _images;

    /// <summary>Looks whether the page can be written.</summary>
    /// <param name="named">The page's file, as the user named it.</param>
    /// <exception cref="StarKvException">The folder of the pictures cannot be used, or the file is one of a run's.</exception>
    public PageFiles(string named)
    {
        (_named, _page) = (named, Path.GetFullPath(named));
        _images = Path.Combine(Path.GetDirectoryName(_page)!, Images);
        AtomicFile.CheckFolder(_images, "pictures");
        if (RunFolder.Owns(_page))
            throw new StarKvException($"'{_page}' is a file of a run, which the page would replace; name another file.");
    }

    /// <summary>What the pictures' names begin with.</summary>
    public string Name => Path.GetFileNameWithoutExtension(_page);

    /// <summary>Writes them, and says so.</summary>
    public void Write(string markdown, IReadOnlyDictionary<string, string> pictures, Terminal terminal)
    {
        using var files = new FileSet();
        foreach (var (name, svg) in pictures)
            files.Add(Path.Combine(_images, name), Encoding.UTF8.GetBytes(svg), "picture");
        files.Add(_page, Encoding.UTF8.GetBytes(markdown), "page");
        files.Put();
        terminal.WriteLine($"{_named} and {Format.Count(pictures.Count, "picture")}");
    }
}

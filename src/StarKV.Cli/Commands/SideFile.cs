namespace StarKV.Cli.Commands;

/// <summary>A file that a verb writes next to its result. When it cannot be written after all, the result is shown all the same.</summary>
internal static class SideFile
{
    /// <summary>Writes the file, shows the result, and then says what became of the file.</summary>
    /// <param name="path">Where it goes; null for nowhere.</param>
    /// <param name="save">Writes it there.</param>
    /// <param name="show">Shows the result; told where the file is, null when there is none.</param>
    /// <exception cref="StarKvException">The file could not be written.</exception>
    public static void Write(string? path, Action<string> save, Action<string?> show)
    {
        StarKvException? lost = null;
        try
        {
            if (path is not null)
                save(path);
        }
        catch (StarKvException e)
        {
            lost = e;
        }

        show(lost is null ? path : null);
        if (lost is not null)
            throw new StarKvException(lost.Message, lost);
    }
}

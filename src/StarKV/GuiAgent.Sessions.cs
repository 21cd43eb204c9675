namespace StarKV;

/// <content>Sessions: what lives between an agent's steps.</content>
public sealed partial class GuiAgent
{
    /// <summary>Opens a session: one task, whose screenshots come step by step.</summary>
    /// <param name="instruction">What to do, in words.</param>
    /// <param name="options">Method, budget, storage, prompt and lengths; default star-kv at 20 %, lossless.</param>
    /// <returns>The session, which its holder disposes; disposing the agent frees what it holds.</returns>
    /// <exception cref="StarKvException">The instruction is blank, or an option is out of its bounds.</exception>
    public GuiSession OpenSession(string instruction, SessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        ArgumentNullException.ThrowIfNull(instruction);
        options = AgentArguments.Checked(options ?? new SessionOptions()).Bounded();
        if (string.IsNullOrWhiteSpace(instruction))
            throw new StarKvException("The instruction is empty; say what is to be done on the screens to come.");
        return new GuiSession(_engine, instruction, options.Prompt ?? DefaultPrompt, options);
    }

    /// <summary>Opens a conversation of the caller's own, which is written out whole at each step.</summary>
    /// <param name="options">
    /// Method, budget, storage and lengths; default star-kv at 20 %, lossless. Prompt, position, past actions and windows are not used.
    /// </param>
    /// <returns>The session, which its holder disposes; disposing the agent frees what it holds.</returns>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public ConversationSession OpenConversation(SessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        return new ConversationSession(_engine, AgentArguments.Checked(options ?? new SessionOptions()).Bounded());
    }

    /// <summary>Goes on with a session that <see cref="GuiSession.Save"/> wrote, in this process or another one.</summary>
    /// <remarks>
    /// The file is checked before anything of it is used; a session whose file is refused leaves nothing behind. Other answers of this
    /// agent
    /// wait meanwhile.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not decide; default nothing.</param>
    /// <param name="cancellation">Ends the reading within one layer.</param>
    /// <returns>The session, which its holder disposes; disposing the agent frees what it holds.</returns>
    /// <exception cref="StarKvMemoryException">The rows do not fit into the host's memory.</exception>
    /// <exception cref="StarKvException">
    /// The file cannot be read, is damaged, was written by another version or with another model or number type, or its method is not
    /// known.
    /// </exception>
    public GuiSession RestoreSession(string path, RestoreOptions? options = null, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        ArgumentNullException.ThrowIfNull(path);
        return GuiSession.Restore(_engine, path, (options ?? new RestoreOptions()).Bounded(), cancellation);
    }
}

namespace StarKV.Server.Errors;

/// <summary>What the engine's errors are to a client.</summary>
internal static class EngineErrors
{
    /// <summary>The answer to an error of a step.</summary>
    /// <param name="error">What was thrown; no cancellation.</param>
    public static ApiException Of(Exception error) => error switch
    {
        ApiException told => told,
        StarKvPromptTooLongException => ApiException.Invalid("context_length_exceeded", error.Message, "messages"),
        StarKvMemoryException { NeverFits: true } => ApiException.Invalid("prompt_too_large", error.Message),
        StarKvMemoryException => ApiException.Busy("out_of_kv_memory", error.Message, 5),
        StarKvBusyException => ApiException.Busy("queue_full", error.Message, 2),
        StarKvTimeoutException => ApiException.Busy("wait_too_long", error.Message, 5),
        StarKvDeviceException => ApiException.Unavailable("engine_down", error.Message, 60),
        StarKvException => ApiException.Invalid("invalid_request", error.Message),
        ObjectDisposedException => ApiException.Unavailable("draining", "The server is shutting down; ask another one, or later.", 5),
        // Its message is for the log: it may hold more than a client should see.
        _ => new ApiException(500, "server_error", "engine_failed", "The step failed, and the session is as it was before it; try again.")
        {
            RetryAfter = 1,
            Cause = error,
        },
    };
}

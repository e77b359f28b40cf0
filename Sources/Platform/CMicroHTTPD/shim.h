#pragma once

#include <microhttpd.h>

// MHD_start_daemon is variadic, which Swift cannot call; this names each option the server uses.

typedef struct {
    int listen_socket;
    unsigned int threads;
    unsigned int connection_limit;
    unsigned int idle_timeout_seconds;
    size_t connection_memory;
    const char *certificate;
    const char *key;
    void *context;
    MHD_AccessHandlerCallback on_request;
    void *(*on_request_line)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback on_completed;
    MHD_NotifyConnectionCallback on_connection;
    size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text);
} aig_mhd_configuration;

static inline struct MHD_Daemon *aig_mhd_start(const aig_mhd_configuration *c) {
    // Not MHD_USE_TURBO: it skips shutdown(), and a broken-off stream would look open to its client.
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)c->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)c->key},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, c->threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem nothing[] = {{MHD_OPTION_END, 0, NULL}};
    if (c->certificate != NULL) flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, c->on_request, c->context,
        MHD_OPTION_LISTEN_SOCKET, c->listen_socket,
        MHD_OPTION_CONNECTION_LIMIT, c->connection_limit,
        MHD_OPTION_CONNECTION_TIMEOUT, c->idle_timeout_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, c->connection_memory,
        MHD_OPTION_URI_LOG_CALLBACK, c->on_request_line, c->context,
        MHD_OPTION_NOTIFY_COMPLETED, c->on_completed, c->context,
        MHD_OPTION_NOTIFY_CONNECTION, c->on_connection, c->context,
        MHD_OPTION_UNESCAPE_CALLBACK, c->unescape, c->context,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_ARRAY, c->threads > 1 ? pool : nothing,
        MHD_OPTION_ARRAY, c->certificate != NULL ? tls : nothing,
        MHD_OPTION_END);
}

static inline int aig_mhd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

static inline void *aig_mhd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static inline const struct sockaddr *aig_mhd_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

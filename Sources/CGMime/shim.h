// GMime 3 for Swift: the library's own header, and functions for what it offers as macros only.
//
// GObject's casts and type checks are macros that Swift doesn't see. The functions below are those macros by name; a
// check answers FALSE for NULL.

#ifndef RAPPORT_CGMIME_SHIM_H
#define RAPPORT_CGMIME_SHIM_H

#include <gmime/gmime.h>

#pragma clang assume_nonnull begin

static inline gboolean rapport_gmime_is_multipart(GMimeObject *object) { return GMIME_IS_MULTIPART(object); }
static inline gboolean rapport_gmime_is_message_part(GMimeObject *object) { return GMIME_IS_MESSAGE_PART(object); }
static inline gboolean rapport_gmime_is_part(GMimeObject *object) { return GMIME_IS_PART(object); }
static inline gboolean rapport_gmime_is_mailbox(InternetAddress *address) {
    return INTERNET_ADDRESS_IS_MAILBOX(address);
}
static inline gboolean rapport_gmime_is_group(InternetAddress *address) { return INTERNET_ADDRESS_IS_GROUP(address); }

// The casts are unchecked, as the macros are in a release build of GLib: ask the type first.
static inline GMimeMultipart *rapport_gmime_multipart(GMimeObject *object) { return (GMimeMultipart *)object; }
static inline GMimeMessagePart *rapport_gmime_message_part(GMimeObject *object) { return (GMimeMessagePart *)object; }
static inline GMimePart *rapport_gmime_part(GMimeObject *object) { return (GMimePart *)object; }
static inline GMimeObject *rapport_gmime_object(GMimeMessage *message) { return (GMimeObject *)message; }
static inline InternetAddressMailbox *rapport_gmime_mailbox(InternetAddress *address) {
    return (InternetAddressMailbox *)address;
}
static inline InternetAddressGroup *rapport_gmime_group(InternetAddress *address) {
    return (InternetAddressGroup *)address;
}
static inline GMimeStreamMem *rapport_gmime_stream_mem(GMimeStream *stream) { return (GMimeStreamMem *)stream; }

static inline void rapport_gmime_unref(void *_Nullable object) { if (object != NULL) g_object_unref(object); }

// Encodes one whole buffer; `out` must hold as many bytes as `rapport_gmime_encoded_limit` says.
static inline size_t rapport_gmime_encoded_limit(GMimeContentEncoding encoding, size_t length) {
    GMimeEncoding state;
    g_mime_encoding_init_encode(&state, encoding);
    return g_mime_encoding_outlen(&state, length) + 16;
}
static inline size_t rapport_gmime_encode(
    GMimeContentEncoding encoding, const char *_Nullable in, size_t length, char *_Nullable out) {
    GMimeEncoding state;
    g_mime_encoding_init_encode(&state, encoding);
    return g_mime_encoding_flush(&state, in, length, out);
}

// Decodes one whole buffer; `out` must hold as many bytes as `rapport_gmime_decoded_limit` says.
static inline size_t rapport_gmime_decoded_limit(GMimeContentEncoding encoding, size_t length) {
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    return g_mime_encoding_outlen(&state, length) + 16;
}
static inline size_t rapport_gmime_decode(
    GMimeContentEncoding encoding, const char *_Nullable in, size_t length, char *_Nullable out) {
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, encoding);
    return g_mime_encoding_flush(&state, in, length, out);
}

#pragma clang assume_nonnull end

#endif

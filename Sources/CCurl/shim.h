#ifndef RAPPORT_CCURL_H
#define RAPPORT_CCURL_H

// The type checks are macros around the variadic functions, which Swift can't call; the wrappers below are typed.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

static inline CURLcode rapport_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode rapport_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

/// libcurl copies the string.
static inline CURLcode rapport_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

/// For CURLOPT_COPYPOSTFIELDS, whose length CURLOPT_POSTFIELDSIZE_LARGE says beforehand; libcurl copies the bytes.
static inline CURLcode rapport_curl_set_body(CURL *easy, const void *bytes) {
    return curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

/// libcurl does not copy the list: it must outlive the transfer.
static inline CURLcode rapport_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *list) {
    return curl_easy_setopt(easy, option, list);
}

static inline CURLcode rapport_curl_set_private(CURL *easy, void *pointer) {
    return curl_easy_setopt(easy, CURLOPT_PRIVATE, pointer);
}

static inline CURLcode rapport_curl_on_body(CURL *easy, curl_write_callback function, void *context) {
    CURLcode result = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, function);
    return result ? result : curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

static inline CURLcode rapport_curl_on_header(CURL *easy, curl_write_callback function, void *context) {
    CURLcode result = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, function);
    return result ? result : curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
}

static inline CURLcode rapport_curl_on_open_socket(CURL *easy, curl_opensocket_callback function, void *context) {
    CURLcode result = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function);
    return result ? result : curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
}

static inline CURLcode rapport_curl_on_request(CURL *easy, curl_prereq_callback function, void *context) {
    CURLcode result = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
    return result ? result : curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
}

static inline long rapport_curl_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

static inline curl_off_t rapport_curl_get_size(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

/// Owned by the handle; NULL when there is none.
static inline const char *rapport_curl_get_string(CURL *easy, CURLINFO info) {
    char *value = NULL;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : NULL;
}

static inline void *rapport_curl_get_private(CURL *easy) {
    char *value = NULL;
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

static inline CURLMcode rapport_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/// The result of a finished transfer, which stands in a union.
static inline CURLcode rapport_curl_message_result(const CURLMsg *message) {
    return message->data.result;
}

#endif

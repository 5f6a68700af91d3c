#ifndef RAPPORT_CPHONENUMBER_H
#define RAPPORT_CPHONENUMBER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What libphonenumber made of a text.
enum rapport_phone_result {
    RAPPORT_PHONE_OK = 0,
    /// Not a telephone number at all.
    RAPPORT_PHONE_NOT_A_NUMBER,
    /// No country code, and no region to read the number by; or a country code that does not exist.
    RAPPORT_PHONE_COUNTRY_CODE,
    RAPPORT_PHONE_TOO_SHORT,
    RAPPORT_PHONE_TOO_LONG,
    /// No number of that country has as many digits.
    RAPPORT_PHONE_LENGTH,
    /// Can only be dialled within its area: the area code is missing.
    RAPPORT_PHONE_LOCAL_ONLY,
    /// A short code, which means something within one country or network only.
    RAPPORT_PHONE_SHORT_CODE,
    /// Has an extension, which E.164 can't say.
    RAPPORT_PHONE_EXTENSION,
};

/// Room for `+`, fifteen digits and the terminating zero, with some to spare.
#define RAPPORT_PHONE_ROOM 32

/// Reads `length` bytes of UTF-8 by the numbering plan of `region` (ISO 3166, upper case; "ZZ" for none) and writes the
/// E.164 form, terminated by zero, to `e164`, which has room for RAPPORT_PHONE_ROOM bytes.
///
/// `is_valid` becomes 1 when the number is of a range known to be assigned, 0 when its length is all that speaks for it.
/// A result other than RAPPORT_PHONE_OK leaves `e164` empty and `is_valid` 0. May be called from several threads at once; nothing is
/// kept, no exception leaves.
enum rapport_phone_result rapport_phone_e164(const char *text, size_t length, const char *region, char *e164,
                                             int *is_valid);

/// 1 when libphonenumber has a numbering plan for `region`, 0 otherwise.
int rapport_phone_knows_region(const char *region);

#ifdef __cplusplus
}
#endif

#endif

#!/usr/bin/env python3
"""attacks.py FOLDER: archives and files that were made to do harm."""

import gzip
import io
import os
import struct
import sys
import tarfile
import zipfile
import zlib

folder = sys.argv[1]


def page(title, text='Some words of an article that is long enough.'):
    return ('<!DOCTYPE html><html><head><meta charset="utf-8"><title>%s'
            '</title></head><body><p>%s</p></body></html>' %
            (title, text)).encode()


def write(path, data):
    path = os.path.join(folder, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as f:
        f.write(data)


def zipped(members):
    b = io.BytesIO()
    with zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(name, data)
    return b.getvalue()


def local(name, packed, size, crc):
    return struct.pack('<4s5H3L2H', b'PK\3\4', 20, 0, 8, 0, 0, crc,
                       len(packed), size, len(name), 0) + name + packed


def entry(name, packed, size, crc, at):
    return struct.pack('<4s6H3L5H2L', b'PK\1\2', 20, 20, 0, 8, 0, 0, crc,
                       len(packed), size, len(name), 0, 0, 0, 0, 0,
                       at) + name


def end(count, length, at):
    return struct.pack('<4s4H2LH', b'PK\5\6', 0, 0, count, count, length,
                       at, 0)


def overlapping(count):
    """One member's bytes that any number of entries point to."""
    data = page('Bomb', ' ' * 10000000)
    crc = zlib.crc32(data)
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = c.compress(data) + c.flush()
    head = local(b'0000.html', packed, len(data), crc)
    table = b''.join(entry(b'%04d.html' % i, packed, len(data), crc, 0)
                     for i in range(count))
    return head + table + end(count, len(table), len(head))


def lying(**how):
    """A good archive whose tables say otherwise."""
    data = page('Liar')
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = c.compress(data) + c.flush()
    crc = zlib.crc32(data)
    head = local(b'a.html', packed, how.get('size', len(data)), crc)
    table = entry(b'a.html', packed, how.get('size', len(data)), crc,
                  how.get('offset', 0))
    return head + table + end(how.get('count', 1),
                              how.get('length', len(table)),
                              how.get('at', len(head)))


def zip64():
    """Sizes and places of 2**60 in the long form."""
    data = page('Long')
    head = struct.pack('<4s5H3L2H', b'PK\3\4', 45, 0, 0, 0, 0,
                       zlib.crc32(data), 2**32 - 1, 2**32 - 1, 6, 20)
    extra = struct.pack('<2H2Q', 1, 16, 2**60, 2**60)
    head += b'a.html' + extra + data
    table = struct.pack('<4s6H3L5H2L', b'PK\1\2', 45, 45, 0, 0, 0, 0,
                        zlib.crc32(data), 2**32 - 1, 2**32 - 1, 6, 28, 0,
                        0, 0, 0, 2**32 - 1) + b'a.html'
    table += struct.pack('<2H3Q', 1, 24, 2**60, 2**60, 2**60)
    at = len(head)
    long_end = struct.pack('<4sQ2H2L4Q', b'PK\6\6', 44, 45, 45, 0, 0,
                           2**60, 2**60, len(table), at)
    long_end += struct.pack('<4sLQL', b'PK\6\7', 0, at + len(table), 1)
    return head + table + long_end + end(65535, 2**32 - 1, 2**32 - 1)


def tar(members, **how):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode='w', format=tarfile.PAX_FORMAT) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.pax_headers = how
            t.addfile(info, io.BytesIO(data))
    return b.getvalue()


def long_header(kind, size):
    """A header of its own kind that says it is as long as that."""
    info = tarfile.TarInfo('././@LongLink')
    info.type = kind
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT) + b'x' * 4096


small = zipped([('a.html', page('A')), ('b.html', page('B'))])
tape = tar([('a.html', page('A')), ('b.html', page('B'))])

write('bombs/overlap.zip', overlapping(2000))
write('bombs/members.zip', zipped(('%d.html' % i, page('M%d' % i, ' ' *
                                                       3000000))
                                  for i in range(60)))
write('bombs/pages.tgz', gzip.compress(tar(
    ('%d.html' % i, page('T', ' ' * 3000000)) for i in range(60))))
write('bombs/inner.zip', zipped([('inner.zip', small), ('c.html',
                                                        page('C'))]))

write('lies/size.zip', lying(size=2**32 - 2))
write('lies/offset.zip', lying(offset=2**32 - 2))
write('lies/into.zip', lying(offset=20))
write('lies/count.zip', lying(count=65535))
write('lies/length.zip', lying(length=2**32 - 2))
write('lies/at.zip', lying(at=2**32 - 2))
write('lies/long.zip', zip64())
write('lies/pax.tar', tar([('a.html', page('A'))], comment='x' * 3000000))
write('lies/size.tar', tar([('a.html', page('A'))], size='9' * 18))
write('lies/sparse.tar', tar([('a.html', page('A'))],
                             **{'GNU.sparse.major': '1',
                                'GNU.sparse.minor': '0',
                                'GNU.sparse.name': 'a.html',
                                'GNU.sparse.realsize': '9' * 15}))
write('lies/name.tar', long_header(tarfile.GNUTYPE_LONGNAME, 8 << 30))
write('lies/link.tar', long_header(tarfile.GNUTYPE_LONGLINK, 1 << 20) +
      tape)
write('lies/header.tar', long_header(tarfile.XHDTYPE, 8 << 30) + tape)

for kind, whole in (('zip', small), ('tar', tape[:2560])):
    for i in range(0, len(whole), 1 if kind == 'zip' else 16):
        write('cut/%04d.%s' % (i, kind), whole[:i])
        flip = bytearray(whole)
        flip[i] ^= 0xff
        write('flip/%04d.%s' % (i, kind), bytes(flip))

names = ['\u202elmth.exe.html', 'a\u2066b\u200b.html', '\x85next.html',
         'a' * 60000 + '.html', 'nul\0.html', '\U000e0041tag.html',
         '-o.html', '=cmd|x.html']
write('names/names.zip', zipped((n, page('N%d' % i))
                                for i, n in enumerate(names)))
write('names/same.zip', zipped(('a.html', page('S', 'words %d %d of it' %
                                               (i, i * 7)))
                               for i in range(3000)))

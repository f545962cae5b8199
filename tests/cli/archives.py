#!/usr/bin/env python3
"""archives.py FOLDER: archives that nobody should be afraid of."""

import io
import os
import sys
import tarfile
import warnings
import zipfile

warnings.simplefilter('ignore')
folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def page(title, text='Some words of an article that is long enough.'):
    return ('<!DOCTYPE html><html><head><meta charset="utf-8"><title>%s'
            '</title></head><body><p>%s</p></body></html>' % (title, text))


def zipped(name, members, method=zipfile.ZIP_DEFLATED):
    path = os.path.join(folder, name)
    with zipfile.ZipFile(path, 'w', method) as z:
        for member, inside in members:
            z.writestr(member, inside)
    return path


def patched(name, members, change):
    path = zipped(name, members)
    with open(path, 'rb') as f:
        bytes_ = bytearray(f.read())
    bytes_ = change(bytes_)
    with open(path, 'wb') as f:
        f.write(bytes_)


def encrypt(b):
    """Say so in both headers of the first member."""
    b[6] |= 1
    b[b.index(b'PK\1\2') + 8] |= 1
    return b


def break_last(b):
    """A byte in the middle of the last member's data."""
    at = b.rindex(b'PK\3\4')
    b[at + 80:at + 120] = b'\xff' * 40
    return b


link = zipfile.ZipInfo('link.html')
link.create_system = 3
link.external_attr = 0o120777 << 16

zipped('names.zip', [('../../up.html', page('Up')),
                     ('/root.html', page('Root')),
                     ('new\nline\x1b[31m.html', page('Red')),
                     ('sub/caf\u00e9.html', page('Coffee')),
                     ('twice.html', page('First')),
                     ('twice.html', page('Second')),
                     ('picture.png', b'\x89PNG'),
                     ('list.csv', 'a,b'),
                     (link, '/etc/passwd')])
inner = zipped('inner.zip', [('x.html', page('Inner'))])
with open(inner, 'rb') as f:
    zipped('nested.zip', [('deep.zip', f.read()), ('a.html', page('Outer'))])
os.remove(inner)
patched('locked.zip', [('secret.html', page('Secret')),
                       ('open.html', page('Open'))], encrypt)
patched('broken.zip', [('good.html', page('Good')),
                       ('bad.html', page('Bad', os.urandom(99).hex() * 9))],
        break_last)
zipped('bomb.zip', [('a.html', page('Before')),
                    ('bomb.html', '<p>' + '0' * (150 << 20))])
zipped('empty.zip', [])


class Pipe(io.RawIOBase):
    """What cannot go back: sizes come behind the data, in 64 bits."""

    def __init__(self, out):
        self.out = out

    def writable(self):
        return True

    def write(self, b):
        return self.out.write(b)


with open(os.path.join(folder, 'piped.zip'), 'wb') as f:
    with zipfile.ZipFile(Pipe(f), 'w', zipfile.ZIP_DEFLATED) as z:
        for name, title in [('1.html', 'One'), ('2.html', 'Two')]:
            with z.open(name, 'w', force_zip64=True) as m:
                m.write(page(title).encode())
with open(os.path.join(folder, 'cut.zip'), 'wb') as f:
    with open(os.path.join(folder, 'names.zip'), 'rb') as g:
        f.write(g.read()[:900])
with tarfile.open(os.path.join(folder, 'tape.tar.gz'), 'w:gz') as t:
    for name, inside in [('./a.html', page('On tape')),
                         ('./b/c.html', page('Below'))]:
        info = tarfile.TarInfo(name)
        info.size = len(inside.encode())
        t.addfile(info, io.BytesIO(inside.encode()))
    for name, kind in [('dev.html', tarfile.CHRTYPE),
                       ('hard.html', tarfile.LNKTYPE),
                       ('soft.html', tarfile.SYMTYPE)]:
        info = tarfile.TarInfo(name)
        info.type = kind
        info.linkname = '/etc/passwd'
        t.addfile(info)

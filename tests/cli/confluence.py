#!/usr/bin/env python3
"""confluence.py FOLDER: a small export of two spaces as Confluence writes it,
with what makes such exports hard: entities.xml in FOLDER/plain, the same in
FOLDER/export.zip with an attachment beside it.
confluence.py --large MEGABYTES FILE: an entities.xml of that size."""

import os
import random
import sys
import zipfile

PAGES = 'com.atlassian.confluence.pages'
CORE = 'com.atlassian.confluence.core'
USERS = 'com.atlassian.confluence.user'
SECURITY = 'com.atlassian.confluence.security'
LABELS = 'com.atlassian.confluence.labels'
SPACES = 'com.atlassian.confluence.spaces'


def cdata(text):
    """The export cannot hold "]]>" in a section, and writes "]] >"."""
    return '<![CDATA[' + text.replace(']]>', ']] >') + ']]>'


def split_cdata(text):
    """The same as other tools have it: two sections."""
    return '<![CDATA[' + text.replace(']]>', ']]]]><![CDATA[>') + ']]>'


def text(name, value):
    if value is None:
        return '<property name="%s"/>' % name
    return '<property name="%s">%s</property>\n' % (name, cdata(value))


def plain(name, value):
    return '<property name="%s">%s</property>\n' % (name, value)


def ref(name, cls, package, key, of='id'):
    if key is None:
        return ''
    key = cdata(key) if of == 'key' else key
    return ('<property name="%s" class="%s" package="%s"><id name="%s">%s'
            '</id>\n</property>\n' % (name, cls, package, of, key))


def collection(name, kind, cls, package, keys):
    if not keys:
        return ''
    return ('<collection name="%s" class="java.util.%s">%s</collection>\n' % (
        name, kind, ''.join('<element class="%s" package="%s">'
                            '<id name="id">%s</id>\n</element>\n' %
                            (cls, package, k) for k in keys)))


def thing(cls, package, key, inside, of='id'):
    key = cdata(key) if of == 'key' else key
    return ('<object class="%s" package="%s">\n<id name="%s">%s</id>\n'
            '%s</object>\n' % (cls, package, of, key, inside))


def page(key, title, space=None, parent=None, by='u-alice', version=1,
         status='current', of=None, old=(), cls='Page', last=None,
         day='2026-05-04', body=None):
    return thing(cls, PAGES, key,
                 '<property name="hibernateVersion">4</property>\n' +
                 text('title', title) + text('lowerTitle', title.lower()) +
                 collection('bodyContents', 'Collection', 'BodyContent',
                            CORE, [key + 50000] if body is None else []) +
                 ref('parent', 'Page', PAGES, parent) +
                 ref('space', 'Space', SPACES, space) +
                 collection('historicalVersions', 'Collection', cls, PAGES,
                            old) +
                 plain('version', version) +
                 ref('creator', 'ConfluenceUserImpl', USERS, by, 'key') +
                 plain('creationDate', '2024-02-01 08:00:00.000') +
                 ref('lastModifier', 'ConfluenceUserImpl', USERS,
                     last or by, 'key') +
                 plain('lastModificationDate', day + ' 10:11:12.345') +
                 text('versionComment', '') +
                 ref('originalVersion', cls, PAGES, of) +
                 text('contentStatus', status))


def body(key, storage, cls='Page', split=False, kind=2):
    inside = '<property name="body">%s</property>\n' % (
        (split_cdata if split else cdata)(storage))
    if storage == '':
        inside = '<property name="body"/>'
    return thing('BodyContent', CORE, key + 50000, inside +
                 ref('content', cls, PAGES, key) +
                 (plain('bodyType', kind) if kind is not None else ''))


def macro(name, inside='', **params):
    return ('<ac:structured-macro ac:name="%s" ac:schema-version="1">%s%s'
            '</ac:structured-macro>' % (name, ''.join(
                '<ac:parameter ac:name="%s">%s</ac:parameter>' % (k, v)
                for k, v in params.items()), inside))


def rich(inside):
    return '<ac:rich-text-body>%s</ac:rich-text-body>' % inside


def code(source):
    return ('<ac:plain-text-body><![CDATA[%s]]></ac:plain-text-body>' %
            source.replace(']]>', ']]]]><![CDATA[>'))


VPN = ('<table class="wrapped"><colgroup><col /><col /></colgroup><tbody>'
       '<tr><th>Owner</th><td><div class="content-wrapper"><p><ac:link>'
       '<ri:user ri:userkey="u-bob" /></ac:link></p></div></td></tr>'
       '<tr><th>Last reviewed</th><td><time datetime="2026-04-30" />'
       '</td></tr></tbody></table>'
       '<p>' + macro('toc') + '</p>'
       '<h2>Before you begin</h2>'
       '<p>You need the app &ldquo;Tunnel&rdquo; and a token&nbsp;&mdash; '
       'it&rsquo;s the grey one.</p>' +
       macro('info', rich('<p>The old client stopped on '
                          '<time datetime="2026-01-31" />.</p>'),
             title='Old client', icon='true') +
       '<h2>Connect</h2><ol><li>Open <strong>Tunnel</strong>.</li><li>Type '
       'your name, then <ac:link><ri:page ri:content-title="Reset a '
       'password" /><ac:plain-text-link-body><![CDATA[your password]]>'
       '</ac:plain-text-link-body></ac:link>.</li><li>Wait until it says ' +
       macro('status', title='ONLINE', colour='Green') + '.</li></ol>' +
       macro('code', code('if (a[b[0]]>1) {\n\tdial("vpn");\n}'),
             language='c', title='dial.c') +
       '<p>After the code: see <ac:link><ri:page ri:space-key="HR" '
       'ri:content-title="Leave" /></ac:link>, <ac:link><ri:page '
       'ri:content-title="No such page" /><ac:link-body>what is <em>not'
       '</em> there</ac:link-body></ac:link> and <a href="https://example.'
       'com/x?a=1&amp;b=2">the web</a>.</p>' +
       macro('expand', rich('<p>Hidden behind a click: port 443.</p>'),
             title='Ports') +
       '<ac:image ac:alt="The tunnel\'s window"><ri:attachment '
       'ri:filename="tunnel.png" /></ac:image>'
       '<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>'
       'incomplete</ac:task-status><ac:task-body>Ask for a token'
       '</ac:task-body></ac:task></ac:task-list>'
       '<ac:layout><ac:layout-section ac:type="single"><ac:layout-cell>'
       '<h2>Elsewhere</h2><p>Smile <ac:emoticon ac:name="smile" />'
       '<ac:placeholder>Type here</ac:placeholder> and '
       '<ac:inline-comment-marker ac:ref="x">go on</ac:inline-comment-marker>'
       '.</p></ac:layout-cell></ac:layout-section></ac:layout>')

LEAVE = ('<p>Days off are asked for in the portal, two weeks ahead; see '
         '<ac:link><ri:page ri:space-key="IT" ri:content-title="Reset a '
         'password" /></ac:link> if it does not let you in, and '
         '<ac:link><ri:page ri:content-title="Reset a password" '
         '/><ac:link-body>ours</ac:link-body></ac:link> for the clock.</p>')


def entities():
    p = '<p>%s</p>'
    out = [
        # A body may come before its page.
        body(1002, VPN),
        thing('Space', SPACES, 98305, text('name', 'IT Handbook') +
              text('key', 'IT') + text('lowerKey', 'it')),
        thing('Space', SPACES, 98306, text('name', 'People & Culture') +
              text('key', 'HR')),
        thing('ConfluenceUserImpl', USERS, 'u-alice', text('name', 'asmith') +
              text('lowerName', 'asmith') + text('email', 'a@example.com'),
              'key'),
        thing('ConfluenceUserImpl', USERS, 'u-bob', text('name', 'bjones') +
              text('lowerName', 'bjones'), 'key'),
        thing('InternalUser', 'com.atlassian.crowd.model.user', 77,
              text('name', 'asmith') + text('lowerName', 'asmith') +
              text('displayName', 'Alice Smith')),
        page(1001, 'IT Home', 98305),
        page(1002, 'VPN: connect & stay', 98305, 1001, version=3,
             old=[1005], last='u-bob'),
        page(1003, 'Reset a password', 98305, 1002, old=[1006]),
        page(1004, 'Reset a PIN', 98305, 1003),
        page(1005, 'VPN', None, None, version=1, of=1002),
        # Its page lists it, and that is all that tells.
        page(1006, 'Reset a password', 98305, None, version=1),
        page(1007, 'Half written', 98305, 1001, status='draft'),
        page(1008, 'Thrown away', 98305, 1001, status='deleted'),
        page(1009, 'Reset a password', 98306, day='2026-06-01'),
        page(1010, 'Leave', 98306, by='u-gone'),
        page(1011, 'Maintenance on Sunday', 98305, cls='BlogPost'),
        page(1012, 'Nothing yet', 98306),
        page(1013, 'Round', 98306, 1014),
        page(1014, 'And round', 98306, 1013),
        page(1015, 'Orphan', 98306, 9999),
        page(1016, 'For whom?', 98306),
        thing('Comment', PAGES, 2001, text('title', '') +
              text('contentStatus', 'current')),
        body(2001, p % 'A comment is no article.', 'Comment'),
        thing('Attachment', PAGES, 3001, text('title', 'tunnel.png') +
              ref('containerContent', 'Page', PAGES, 1002)),
        body(1001, p % 'Everything about computers at work.'),
        body(1003, p % 'Passwords are reset at the desk, in person, with a '
             'card. ]]> is no reason.', split=True),
        body(1004, p % 'PINs are reset by the machine at the door.'),
        body(1005, p % 'The first version of the page about VPN.'),
        body(1006, p % 'The first version of the page about passwords.'),
        body(1007, p % 'This is not finished.'),
        body(1008, p % 'This was thrown away.'),
        body(1009, p % 'The clock at the gate has a password of its own.'),
        body(1010, LEAVE),
        body(1011, p % 'On Sunday everything is off for an hour.',
             'BlogPost'),
        body(1012, '', kind=None),
        body(1013, p % 'My parent is my child.'),
        body(1014, p % 'My child is my parent.'),
        body(1015, p % 'My parent is not in the export.'),
        body(1016, p % 'Restricted to somebody who is not in the export.'),
        thing('Label', LABELS, 401, text('name', 'vpn') +
              text('namespace', 'global')),
        thing('Label', LABELS, 402, text('name', 'network') +
              text('namespace', 'global')),
        thing('Label', LABELS, 403, text('name', 'favourite') +
              text('namespace', 'my')),
    ]
    for i, label in enumerate([401, 402, 403]):
        out.append(thing('Labelling', LABELS, 500 + i,
                         ref('label', 'Label', LABELS, label) +
                         ref('content', 'Page', PAGES, 1002)))
    for key, kind, on, who in [(601, 'View', 1003, 702),
                               (602, 'Edit', 1002, 703),
                               (603, 'View', 1016, None)]:
        out.append(thing('ContentPermissionSet', SECURITY, key,
                         text('type', kind) +
                         ref('owningContent', 'Page', PAGES, on)))
        if who:
            out.append(thing(
                'ContentPermission', SECURITY, who, text('type', kind) +
                (text('groupName', 'it-staff') if who == 702 else
                 ref('userSubject', 'ConfluenceUserImpl', USERS, 'u-bob',
                     'key') + '<property name="groupName"/>') +
                ref('owningSet', 'ContentPermissionSet', SECURITY, key)))
    return ''.join(['<?xml version="1.0" encoding="UTF-8"?>\n'
                    '<hibernate-generic datetime="2026-06-10 10:00:00">\n'] +
                   out + ['</hibernate-generic>'])


def small(folder):
    os.makedirs(os.path.join(folder, 'plain'))
    xml = entities().encode()
    with open(os.path.join(folder, 'plain', 'entities.xml'), 'wb') as f:
        f.write(xml)
    with zipfile.ZipFile(os.path.join(folder, 'export.zip'), 'w',
                         zipfile.ZIP_DEFLATED) as z:
        z.writestr('exportDescriptor.properties', 'exportType=space\n')
        z.writestr('attachments/1002/3001/1', b'\x89PNG')
        z.writestr('entities.xml', xml)


def large(megabytes, path):
    """Pages of four versions each, with words drawn at random."""
    draw = random.Random(3)
    words = ['word%d' % i for i in range(5000)]
    size, n = megabytes * 1000000, 0
    with open(path, 'w') as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<hibernate-generic '
                'datetime="2026-06-10 10:00:00">\n')
        f.write(thing('Space', SPACES, 1, text('name', 'Large') +
                      text('key', 'BIG')))
        while f.tell() < size:
            key = 100000 + n * 10
            for i in range(4):
                f.write(page(key + i, 'Page %d' % n, 1,
                             key - 10 if n % 7 else None, version=4 - i,
                             of=key if i else None))
                f.write(body(key + i, ''.join(
                    '<p>%s</p>' % ' '.join(draw.choices(words, k=40))
                    for _ in range(20))))
            n += 1
        f.write('</hibernate-generic>\n')
    print(n)


if sys.argv[1] == '--large':
    large(int(sys.argv[2]), sys.argv[3])
else:
    small(sys.argv[1])

"""架构次序: the order ECMA-376 part 1 (transitional) prescribes for what stands in a Word file.

Word refuses a file whose elements stand in another order, and says no more than that it is
damaged. ``faults`` names every element out of order, unknown to its parent, or repeated.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr "
    "suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct "
    "topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
    "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike "
    "outline shadow emboss imprint noProof snapToGrid vanish webHidden color spacing w kern "
    "position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang "
    "eastAsianLayout specVanish oMath rPrChange",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW "
    "jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
    "tblDescription tblPrChange",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
    "tblGrid": "gridCol tblGridChange",
    "tr": "tblPrEx trPr tc",
    "tc": "tcPr p",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection "
    "tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc "
    "pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi "
    "rtlGutter docGrid printerSettings",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden "
    "unhideWhenUsed qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr "
    "tcPr tblStylePr",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "font": "altName panose1 charset family notTrueType pitch sig embedRegular embedBold",
    "settings": "writeProtection view zoom removePersonalInformation removeDateAndTime "
    "doNotDisplayPageBoundaries displayBackgroundShape printPostScriptOverText "
    "printFractionalCharacterWidth printFormsData embedTrueTypeFonts embedSystemFonts "
    "saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges "
    "bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors "
    "hideGrammaticalErrors activeWritingStyle proofState formsDesign attachedTemplate linkStyles "
    "stylePaneFormatFilter stylePaneSortMethod documentType mailMerge revisionView trackRevisions "
    "doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride styleLockTheme "
    "styleLockQFSet defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone "
    "doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle defaultTableStyle "
    "evenAndOddHeaders bookFoldRevPrinting bookFoldPrinting bookFoldPrintingSheets "
    "drawingGridHorizontalSpacing drawingGridVerticalSpacing "
    "displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery "
    "doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin drawingGridVerticalOrigin "
    "doNotShadeFormData noPunctuationKerning characterSpacingControl printTwoOnOne "
    "strictFirstAndLastChars noLineBreaksAfter noLineBreaksBefore savePreviewPicture "
    "doNotValidateAgainstSchema saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText "
    "doNotDemarcateInvalidXml saveXmlDataOnly useXSLTWhenSaving saveThroughXslt showXMLTags "
    "alwaysMergeEmptyNamespace updateFields hdrShapeDefaults footnotePr endnotePr compat docVars "
    "rsids mathPr attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats "
    "doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType "
    "schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator",
    "compat": "useSingleBorderforContiguousCells wpJustification noTabHangInd noLeading spaceForUL "
    "noColumnBalance balanceSingleByteDoubleByteWidth noExtraLineSpacing doNotLeaveBackslashAlone "
    "ulTrailSpace doNotExpandShiftReturn adjustLineHeightInTable useFELayout compatSetting",
}
_REPEATED = (
    "tr tc gridCol p style font compatSetting footerReference headerReference tblStylePr "
    "bookmarkStart bookmarkEnd"
)
# 任意次序: what may stand in a parent in any order, as often as it likes.
_ANY = {
    "trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader "
    "tblCellSpacing jc hidden ins del trPrChange",
    "body": "p tbl sectPr sdt bookmarkStart bookmarkEnd",
    "r": "rPr t tab br cr fldChar instrText drawing pict object sym commentReference "
    "lastRenderedPageBreak footnoteReference delText ptab noBreakHyphen annotationRef",
    "p": "pPr r bookmarkStart bookmarkEnd hyperlink sdt ins del proofErr commentRangeStart "
    "commentRangeEnd fldSimple smartTag",
}


def faults(data: bytes) -> list[str]:
    """What in a .docx does not stand where the schema has it."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith("word/") and name.endswith(".xml") and "theme" not in name:
                found += [f"{name}: {fault}" for fault in _in_part(package.read(name))]
    return found


def _in_part(content: bytes) -> Iterator[str]:
    for node in etree.fromstring(content).iter(W + "*"):
        name = etree.QName(node).localname
        children = [etree.QName(c).localname for c in node if str(c.tag).startswith(W)]
        if name in _ORDER:
            yield from _order(name, children)
        elif name in _ANY:
            yield from (f"{c} in {name}" for c in children if c not in _ANY[name].split())
        if name in ("p", "r") and f"{name}Pr" in children[1:]:
            yield f"{name}Pr is not the first child of {name}"
        if name == "tc" and (not children or children[-1] != "p"):
            yield "a cell that does not end with a paragraph"
        if name == "body" and children[-1] != "sectPr":
            yield "a body that does not end with its section"


def _order(parent: str, children: list[str]) -> Iterator[str]:
    order = _ORDER[parent].split()
    last = -1
    for child in children:
        if child not in order:
            yield f"{child} in {parent}"
            continue
        at = order.index(child)
        if at < last or (at == last and child not in _REPEATED.split()):
            yield f"{child} behind {order[last]} in {parent}"
        last = max(last, at)
